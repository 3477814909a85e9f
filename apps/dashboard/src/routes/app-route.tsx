import { createRoute, redirect } from "@tanstack/react-router";
import { meQuery } from "../api/account.ts";
import { Shell } from "../features/shell/Shell.tsx";
import { paths } from "../paths.ts";
import { root } from "./root-route.tsx";

/** Pages for who is signed in, by all that the account asks for. */
export const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: paths.signIn(), search: { next: location.href } });
    if (me.signIn.lacksSso) throw redirect({ to: paths.ssoRequired() });
    if (me.twoFactor.lacking) throw redirect({ to: paths.twoFactor() });
  },
  component: Shell,
});
