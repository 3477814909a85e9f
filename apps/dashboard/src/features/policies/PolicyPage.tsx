import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { domainQuery } from "../../api/domains.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PolicyForm } from "./PolicyForm.tsx";
import { PolicyVersions } from "./PolicyVersions.tsx";

export function PolicyPage() {
  const { domainId = "" } = useParams({ strict: false });
  const { data: domain } = useSuspenseQuery(domainQuery(domainId));
  const isEditable = domain.status === "pending" || domain.status === "active";
  return (
    <Stack>
      {domain.publishProblem && (
        <Notice tone="bad" title="The newest version is not published yet">
          {domain.publishProblem}
        </Notice>
      )}
      {isEditable ? (
        // A version published meanwhile, here or elsewhere, starts the form afresh.
        <PolicyForm key={domain.policy?.version ?? 0} domain={domain} />
      ) : (
        <Notice tone="idle" title="This policy is on its way out">
          The domain is being turned off, so its policy can no longer be changed.
        </Notice>
      )}
      <QueryBoundary height={240}>
        <PolicyVersions domain={domain} canRollBack={isEditable} />
      </QueryBoundary>
    </Stack>
  );
}
