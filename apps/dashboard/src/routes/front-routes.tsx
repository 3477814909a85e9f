import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { readOwnPath } from "@waxseal/contract/own-path";
import { meQuery, personQuery } from "../api/account.ts";
import { SignInPage } from "../features/account/SignInPage.tsx";
import { SIGN_IN_PROBLEMS, type SignInProblem } from "../features/account/sign-in-problems.ts";
import { paths } from "../paths.ts";
import { orNoAccount } from "./or-no-account.ts";
import { root } from "./root-route.tsx";

type Search = Record<string, unknown>;

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  // Links of mails that do not work any more lead here.
  validateSearch: ({ error }: Search) => ({ ...(typeof error === "string" && { error }) }),
  beforeLoad: async ({ context, search }) => {
    const me = await orNoAccount(context.queryClient.fetchQuery({ ...meQuery, staleTime: 0 }));
    if (me) throw redirect({ to: paths.overview(), params: { account: me.account.id }, replace: true });
    if (search.error !== undefined)
      throw redirect({ to: paths.signIn(), search: { problem: "link" }, replace: true });
  },
  component: lazyRouteComponent(() => import("../features/check/WelcomePage.tsx"), "WelcomePage"),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: ({ next, problem }: Search) => ({
    ...nextPage(next),
    ...(isSignInProblem(problem) && { problem }),
  }),
  component: SignInPage,
});
const signInCode = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/code",
  validateSearch: ({ next }: Search) => ({ ...nextPage(next) }),
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
const noAccount = createRoute({
  getParentRoute: () => root,
  path: "/no-account",
  validateSearch: ({ from }: Search) => ({ ...(typeof from === "string" && { from }) }),
  beforeLoad: async ({ context, location }) => {
    const person = await context.queryClient.fetchQuery({ ...personQuery, staleTime: 0 });
    if (!person) throw redirect({ to: paths.signIn(), search: { next: location.href } });
  },
  component: lazyRouteComponent(() => import("../features/account/NoAccountPage.tsx"), "NoAccountPage"),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: ({ next }: Search) => ({ ...nextPage(next) }),
  component: lazyRouteComponent(() => import("../features/account/SignUpPage.tsx"), "SignUpPage"),
});
const checkMail = createRoute({
  getParentRoute: () => root,
  path: "/check-mail",
  validateSearch: ({ email, next }: Search) => ({
    email: typeof email === "string" ? email : "",
    ...nextPage(next),
  }),
  component: lazyRouteComponent(() => import("../features/account/CheckMailPage.tsx"), "CheckMailPage"),
});
const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: "/confirm-email",
  validateSearch: ({ token, next }: Search) => ({
    token: typeof token === "string" ? token : "",
    ...nextPage(next),
  }),
  component: lazyRouteComponent(() => import("../features/account/ConfirmEmailPage.tsx"), "ConfirmEmailPage"),
});
const emailChange = createRoute({
  getParentRoute: () => root,
  path: "/email-change/$emailChangeToken",
  component: lazyRouteComponent(() => import("../features/account/EmailChangePage.tsx"), "EmailChangePage"),
});
const device = createRoute({
  getParentRoute: () => root,
  path: "/device",
  validateSearch: ({ code }: Search) => ({ ...(typeof code === "string" && { code: code.slice(0, 20) }) }),
  component: lazyRouteComponent(() => import("../features/account/DevicePage.tsx"), "DevicePage"),
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
  path: "/invitations/$invitationToken",
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

const helpOf = () => import("../features/help/HelpPage.tsx");
const help = createRoute({
  getParentRoute: () => root,
  path: "/help",
  component: lazyRouteComponent(helpOf, "HelpPage"),
});
const helpPage = createRoute({
  getParentRoute: () => root,
  path: "/help/$page",
  component: lazyRouteComponent(helpOf, "HelpPage"),
});

/** Pages for visitors who are not signed in. */
export const frontRoutes = [
  home,
  signIn,
  signInCode,
  signInSso,
  noAccount,
  signUp,
  checkMail,
  confirmEmail,
  emailChange,
  device,
  forgotPassword,
  resetPassword,
  invitation,
  sharedSetup,
  sharedInstructions,
  check,
  checked,
  help,
  helpPage,
];

/** The page to go to afterwards, if it is one of this site. */
function nextPage(value: unknown): { next?: string } {
  const next = readOwnPath(value);
  return next === undefined ? {} : { next };
}

function isSignInProblem(value: unknown): value is SignInProblem {
  return SIGN_IN_PROBLEMS.some((problem) => problem === value);
}
