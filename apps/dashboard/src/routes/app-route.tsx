import { createRoute, redirect } from "@tanstack/react-router";
import { Shell } from "../features/shell/Shell.tsx";
import { paths } from "../paths.ts";
import { account } from "./account-route.tsx";

/** Pages for people who are signed in as the account requires. */
export const app = createRoute({
  getParentRoute: () => account,
  id: "app",
  beforeLoad: ({ context: { me }, params }) => {
    if (me.signIn.lacksSso) throw redirect({ to: paths.ssoRequired(), params });
    if (me.twoFactor.lacking) throw redirect({ to: paths.twoFactor(), params });
  },
  component: Shell,
});
