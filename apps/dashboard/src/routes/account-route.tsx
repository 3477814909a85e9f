import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { meQuery } from "../api/account.ts";
import { AccountScope } from "../features/shell/AccountScope.tsx";
import { paths } from "../paths.ts";
import { orNoAccount } from "./or-no-account.ts";
import { root } from "./root-route.tsx";

/** Everything in one account, named in the address; an account that one has no role in is not found. */
export const account = createRoute({
  getParentRoute: () => root,
  path: "/a/$account",
  beforeLoad: async ({ context, params, location }) => {
    const queryClient = context.clients.of(params.account);
    const me = await orNoAccount(queryClient.ensureQueryData(meQuery), params.account);
    if (!me) throw redirect({ to: paths.signIn(), search: { next: location.href } });
    return { queryClient, me };
  },
  component: function Account() {
    const { clients } = root.useRouteContext();
    return <AccountScope clientOf={clients.of} />;
  },
});

const ssoRequired = createRoute({
  getParentRoute: () => account,
  path: "/sso-required",
  beforeLoad: ({ context, params }) => {
    if (!context.me.signIn.lacksSso) throw redirect({ to: paths.overview(), params });
  },
  component: lazyRouteComponent(() => import("../features/account/SsoRequiredPage.tsx"), "SsoRequiredPage"),
});
const twoFactor = createRoute({
  getParentRoute: () => account,
  path: "/two-factor",
  beforeLoad: ({ context, params }) => {
    if (!context.me.twoFactor.lacking) throw redirect({ to: paths.overview(), params });
  },
  component: lazyRouteComponent(() => import("../features/account/TwoFactorPage.tsx"), "TwoFactorPage"),
});

/** What an account asks for before it lets a person in. */
export const gateRoutes = [ssoRequired, twoFactor];
