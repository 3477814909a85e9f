import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Policy } from "@waxseal/mta-sts";
import { useState } from "react";
import { ApiError } from "../../api/client.ts";
import type { DomainView, PolicyAssessmentView } from "../../api/contract.ts";
import { policyAssessmentQuery, restorePolicyVersion, setPolicy } from "../../api/domains.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { Details } from "../../ui/Details.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Text } from "../../ui/Text.tsx";
import { AssessedPolicy } from "./AssessedPolicy.tsx";

type Props = {
  opened: boolean;
  onClose: () => void;
  domain: DomainView;
  policy: Policy;
  changes: readonly string[];
  warnings: readonly string[];
  /** The older version that this policy is. */
  restoredVersion?: number;
};

/** What publishing a policy changes for senders, before it happens. Enforcing is assessed by a fresh look first. */
export function ConfirmPolicy(props: Props) {
  const { opened, onClose, domain, policy, changes, warnings, restoredVersion } = props;
  const { mode, mx, maxAgeSeconds } = policy;
  const wanted = { mode, mx: [...mx], maxAgeSeconds };
  const [typed, setTyped] = useState("");
  const [wasRefused, setWasRefused] = useState(false);
  const queryClient = useQueryClient();
  const look = useQuery({
    ...policyAssessmentQuery(domain.id, wanted),
    enabled: opened && mode === "enforce",
  });
  const assessment = mode === "enforce" ? look.data : undefined;
  const stops = stopCodes(assessment);
  const consent = {
    ...(assessment && { assessmentId: assessment.assessmentId }),
    ...(stops.length > 0 && { acknowledge: stops, confirmDomain: typed }),
  };
  const publish = useMutation({
    mutationFn: (_, scope) =>
      restoredVersion === undefined
        ? setPolicy(domain.id, { ...wanted, ...consent }, scope)
        : restorePolicyVersion(domain.id, restoredVersion, consent, scope),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["domains"] });
    },
    // Something changed since the look: look again.
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409 && mode === "enforce") void look.refetch();
    },
  });
  const mayPublish = stops.length === 0 || typed.trim().toLowerCase() === domain.domain;
  const isLooking = mode === "enforce" && look.isFetching;
  const isStopped = !isLooking && stops.length > 0;
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={
        restoredVersion === undefined
          ? `Publish this policy for ${domain.domain}?`
          : `Roll back to version ${restoredVersion} for ${domain.domain}?`
      }
      cancel={isStopped && domain.policy?.mode === "testing" ? "Keep testing" : undefined}
      action={
        isStopped ? (
          <FixFirst domainId={domain.id} codes={stops} onClose={onClose} />
        ) : (
          <Button
            look="primary"
            busy={publish.isPending}
            disabledReason={disabledReason(isLooking, look.isError)}
            onClick={() => publish.mutate()}
          >
            Publish policy
          </Button>
        )
      }
    >
      <Stack gap={3}>
        {changes.length === 0 && (
          <Text>
            {domain.publishHold
              ? "This policy is held back: senders do not know it yet."
              : "This policy is served already. Nothing changes."}
          </Text>
        )}
        <ul style={{ paddingLeft: 18 }}>
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
        {mode !== "enforce" && warnings.length > 0 && (
          <Notice tone="notice" title="Before you publish">
            {warnings.map((warning) => (
              <p key={warning}>{warning}</p>
            ))}
          </Notice>
        )}
        {isLooking && (
          <Notice tone="working" title="Testing your mail hosts" live>
            <p>We connect to each of them and read your reports. This takes up to ten seconds.</p>
          </Notice>
        )}
        {!isLooking && assessment && <AssessedPolicy assessment={assessment} warnings={warnings} />}
        <ErrorNotice error={mode === "enforce" ? look.error : null} />
        {isStopped && (
          <Details title="Enforce anyway" opened={wasRefused}>
            <Inset>
              <Stack gap={3}>
                <TextField
                  label={`Type ${domain.domain} to confirm that mail may be held back`}
                  value={typed}
                  error={wasRefused && !mayPublish ? `Type ${domain.domain} to confirm.` : undefined}
                  onChange={setTyped}
                />
                <div>
                  <Button
                    look="danger"
                    busy={publish.isPending}
                    onClick={() => (mayPublish ? publish.mutate() : setWasRefused(true))}
                  >
                    Enforce anyway
                  </Button>
                </div>
              </Stack>
            </Inset>
          </Details>
        )}
        <Text tone="faint" small>
          {domain.status === "active"
            ? "The file is served first, then its new id appears in DNS. Senders fetch it with their next message to you."
            : "It will be served as soon as the setup is complete."}
        </Text>
        <ErrorNotice error={publish.error} />
      </Stack>
    </Dialog>
  );
}

const IN_FORM = new Set(["mx-uncovered", "mx-all-uncovered", "mx-move-running"]);

type FixProps = { domainId: string; codes: readonly string[]; onClose: () => void };

/** A host that is missing from the policy is added in the form behind the dialog; everything else is on the domain's page. */
function FixFirst({ domainId, codes, onClose }: FixProps) {
  const isInForm = codes.every((code) => IN_FORM.has(code));
  if (isInForm) {
    return (
      <Button look="primary" onClick={onClose}>
        Fix first
      </Button>
    );
  }
  return (
    <Link to={paths.domain({ domainId })} className={buttonClass("primary")}>
      Fix first
    </Link>
  );
}

function stopCodes(assessment: PolicyAssessmentView | undefined) {
  const stops = (assessment?.reasons ?? []).filter(({ level }) => level === "stop");
  return [...new Set(stops.map(({ code }) => code))];
}

function disabledReason(isLooking: boolean, hasFailed: boolean): string | undefined {
  if (isLooking) return "Your mail hosts are being tested.";
  return hasFailed ? "Your mail hosts could not be tested." : undefined;
}
