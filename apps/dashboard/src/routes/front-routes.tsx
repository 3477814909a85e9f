import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { meQuery } from "../api/account.ts";
import { CheckMailPage } from "../features/account/CheckMailPage.tsx";
import { SignInPage } from "../features/account/SignInPage.tsx";
import { SignUpPage } from "../features/account/SignUpPage.tsx";
import { paths } from "../paths.ts";
import { root } from "./root-route.tsx";

type Search = Record<string, unknown>;

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: ({ error }: Search) => ({ ...(typeof error === "string" && { error }) }),
  // The link of a verification mail ends here, with `error` when it was too old.
  beforeLoad: async ({ context, search }) => {
    if (search.error) {
      const isOldLink = /TOKEN|EXPIRED/i.test(search.error);
      throw redirect({ to: paths.signIn(), search: { problem: isOldLink ? "link" : "other" } });
    }
    const me = await context.queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
    if (!me) throw redirect({ to: paths.signIn() });
    throw redirect({ to: paths.domains(), params: { account: me.account.id }, replace: true });
  },
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: ({ next, problem }: Search) => ({
    ...(isOwnPath(next) && { next }),
    ...((problem === "link" || problem === "other" || problem === "reset") && { problem }),
  }),
  component: SignInPage,
});
const signInCode = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/code",
  validateSearch: ({ next }: Search) => ({ ...(isOwnPath(next) && { next }) }),
  component: lazyRouteComponent(() => import("../features/account/SignInCodePage.tsx"), "SignInCodePage"),
});
const signInSso = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/sso",
  validateSearch: ({ code, state, iss, error }: Search) => ({
    ...(typeof code === "string" && { code }),
    ...(typeof state === "string" && { state }),
    ...(typeof iss === "string" && { iss }),
    ...(typeof error === "string" && { error }),
  }),
  component: lazyRouteComponent(() => import("../features/account/SsoFinishPage.tsx"), "SsoFinishPage"),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: ({ next }: Search) => ({ ...(isOwnPath(next) && { next }) }),
  component: SignUpPage,
});
const checkMail = createRoute({
  getParentRoute: () => root,
  path: "/check-mail",
  validateSearch: ({ email, next }: Search) => ({
    email: typeof email === "string" ? email : "",
    ...(isOwnPath(next) && { next }),
  }),
  component: CheckMailPage,
});
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(
    () => import("../features/account/ForgotPasswordPage.tsx"),
    "ForgotPasswordPage",
  ),
});
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  validateSearch: ({ token }: Search) => ({ token: typeof token === "string" ? token : "" }),
  component: lazyRouteComponent(
    () => import("../features/account/ResetPasswordPage.tsx"),
    "ResetPasswordPage",
  ),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitations/$invitationId",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: paths.signIn(), search: { next: location.href } });
  },
  component: lazyRouteComponent(() => import("../features/account/InvitationPage.tsx"), "InvitationPage"),
});
const checkPage = () => import("../features/check/CheckPage.tsx");
const sharedSetup = createRoute({
  getParentRoute: () => root,
  path: "/setup/$shareToken",
  component: lazyRouteComponent(() => import("../features/domains/SharedSetupPage.tsx"), "SharedSetupPage"),
});
const sharedInstructions = createRoute({
  getParentRoute: () => root,
  path: "/instructions/$sheetToken",
  component: lazyRouteComponent(
    () => import("../features/instructions/SharedInstructionsPage.tsx"),
    "SharedInstructionsPage",
  ),
});
const check = createRoute({
  getParentRoute: () => root,
  path: "/check",
  component: lazyRouteComponent(checkPage, "CheckPage"),
});
const checked = createRoute({
  getParentRoute: () => root,
  path: "/check/$domain",
  component: lazyRouteComponent(checkPage, "CheckPage"),
});

/** Pages for who is not signed in. */
export const frontRoutes = [
  home,
  signIn,
  signInCode,
  signInSso,
  signUp,
  checkMail,
  forgotPassword,
  resetPassword,
  invitation,
  sharedSetup,
  sharedInstructions,
  check,
  checked,
];

/** Only a path of this site may be returned to after signing in. */
function isOwnPath(next: unknown): next is string {
  return typeof next === "string" && /^\/(?![/\\])/.test(next);
}
