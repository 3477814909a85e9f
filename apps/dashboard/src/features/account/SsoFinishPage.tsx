import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { readOwnPath } from "@waxseal/contract/own-path";
import { useEffect } from "react";
import { askWhoIsHere } from "../../api/account.ts";
import { finishSso } from "../../api/sso.ts";
import { paths } from "../../paths.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";

type Search = { code?: string; state?: string; iss?: string; error?: string };

/** Where an identity provider sends people back to. */
export function SsoFinishPage() {
  const { code = "", state = "", iss, error: refusal }: Search = useSearch({ from: "/sign-in/sso" });
  const queryClient = useQueryClient();
  const router = useRouter();
  const { data, error } = useQuery({
    queryKey: ["sso-finish", state],
    queryFn: () => finishSso({ code, state, ...(iss && { iss }) }),
    enabled: refusal === undefined && code !== "",
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  // Leaving the page is an effect of the answer; it replaces this address, whose code is used up.
  useEffect(() => {
    if (!data) return;
    const next = readOwnPath(data.next);
    if (data.twoFactorRedirect) {
      void router.navigate({ to: paths.signInCode(), search: next ? { next } : {}, replace: true });
      return;
    }
    void askWhoIsHere(queryClient).then(() => router.history.replace(next ?? paths.home()));
  }, [data, queryClient, router]);
  const isRefused = refusal !== undefined || code === "";
  return (
    <FrontPage title="Single sign-on" other={<Link to={paths.signIn()}>Back to sign-in</Link>}>
      {isRefused && (
        <Notice tone="notice" title="The identity provider did not sign you in" live>
          {refusal === "access_denied"
            ? "It says that you cancelled, or that you have no access to Waxseal. Ask the administrator of your identity provider."
            : `${REFUSALS[refusal ?? ""] ?? "It reported a problem."} Try again; if it does not help, give your administrator the code ${refusal === undefined ? "S-51" : "S-50"}.`}
        </Notice>
      )}
      <ErrorNotice error={error} />
      {!isRefused && !error && <Skeleton height={96} />}
    </FrontPage>
  );
}

/** What the errors of a provider mean to the person who signs in. OpenID Connect Core 1.0 §3.1.2.6 */
const REFUSALS: Readonly<Record<string, string>> = {
  login_required: "You have to sign in at your company's sign-in first.",
  interaction_required: "Your company's sign-in needs something from you first.",
  consent_required: "Your company's sign-in needs your consent, or that of an administrator.",
  temporarily_unavailable: "Your company's sign-in is not available right now.",
  server_error: "Your company's sign-in had a failure of its own.",
  unauthorized_client: "Your company's sign-in does not accept Waxseal as it is set up.",
  invalid_scope: "Your company's sign-in does not accept Waxseal as it is set up.",
  invalid_request: "Your company's sign-in does not accept Waxseal as it is set up.",
};
