import { Stack } from "../../ui/Layout.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";

/** While a page is on its way. */
export function PendingPage() {
  return (
    <Stack gap={5}>
      <Skeleton height={56} />
      <Skeleton height={360} />
    </Stack>
  );
}
