import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView } from "../../api/contract.ts";
import { deliverInSandbox } from "../../api/domains.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { SandboxLog } from "./SandboxLog.tsx";

/** Lets a simulated sender do what real ones do, and report about it. */
export function SandboxDeliverPanel({ domain }: { domain: DomainView }) {
  const queryClient = useQueryClient();
  const deliver = useMutation({
    mutationFn: (_, scope) => deliverInSandbox(domain.id, scope),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["tls-reports"] }),
  });
  return (
    <Notice
      tone="aside"
      title="Sandbox"
      actions={
        <>
          <ActionButton
            needs="domains.change"
            hideDenied
            busy={deliver.isPending}
            onClick={() => deliver.mutate()}
          >
            {deliver.isPending ? "A sender is delivering…" : "Let a sender deliver mail"}
          </ActionButton>
          {deliver.isSuccess && (
            <Link to={paths.domainReports({ domainId: domain.id })} className={buttonClass("quiet")}>
              See the reports
            </Link>
          )}
        </>
      }
    >
      A simulated sender looks up the record, fetches the policy, connects to the mail hosts, and mails a
      signed TLS report as a large provider would.
      {deliver.data && <SandboxLog log={deliver.data} />}
      {deliver.isError && <p role="alert">{errorText(deliver.error)}</p>}
    </Notice>
  );
}
