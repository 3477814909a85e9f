import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView, SandboxFault } from "../../api/contract.ts";
import { breakInSandbox } from "../../api/domains.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { SandboxLog } from "./SandboxLog.tsx";

const FAULTS: readonly { fault: SandboxFault; label: string }[] = [
  { fault: "selfsigned", label: "Break the first mail host" },
  { fault: "expired", label: "Expire its certificate" },
  { fault: "none", label: "Repair the mail host" },
  { fault: "cname", label: "Remove a CNAME" },
  { fault: "silence", label: "Silence a sender" },
  { fault: "speak", label: "Let it report again" },
];

/** Lets things go wrong in the sandbox, so that people see which messages follow. */
export function SandboxFaultPanel({ domain }: { domain: DomainView }) {
  const queryClient = useQueryClient();
  const breaking = useMutation({
    mutationFn: (fault: SandboxFault, scope) => breakInSandbox({ domainId: domain.id, fault }, scope),
    onSettled: () =>
      Promise.all(["domains", "incidents"].map((key) => queryClient.invalidateQueries({ queryKey: [key] }))),
  });
  return (
    <Notice
      tone="aside"
      title="Sandbox: see what happens when something breaks"
      actions={
        <>
          {FAULTS.map(({ fault, label }) => (
            <ActionButton
              needs="domains.change"
              hideDenied
              key={fault}
              busy={breaking.isPending && breaking.variables === fault}
              onClick={() => breaking.mutate(fault)}
            >
              {label}
            </ActionButton>
          ))}
          <Link to={paths.alerts()} className={buttonClass("quiet")}>
            See the alerts
          </Link>
        </>
      }
    >
      An alert opens at once, and the mail about it is in the test inbox within two minutes. After the repair,
      a second mail says that it is over.
      {breaking.data && <SandboxLog log={breaking.data} />}
      {breaking.isError && <p role="alert">{errorText(breaking.error)}</p>}
    </Notice>
  );
}
