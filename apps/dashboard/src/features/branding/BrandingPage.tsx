import { useSuspenseQuery } from "@tanstack/react-query";
import { meQuery } from "../../api/account.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { BrandPanel } from "./BrandPanel.tsx";
import { HostPanel } from "./HostPanel.tsx";

/** What the account shows of itself to its customers. */
export function BrandingPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  return (
    <Stack>
      <QueryBoundary height={420}>
        <BrandPanel role={me.account.role} />
      </QueryBoundary>
      {!me.provider && (
        <QueryBoundary height={240}>
          <HostPanel role={me.account.role} />
        </QueryBoundary>
      )}
    </Stack>
  );
}
