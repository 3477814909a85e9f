import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ApiError } from "../../api/client.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { NotFoundPage } from "./NotFoundPage.tsx";

/** Instead of a page that could not be shown. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const { reset: resetQueries } = useQueryErrorResetBoundary();
  const router = useRouter();
  if (error instanceof ApiError && error.status === 404) return <NotFoundPage />;
  const retry = () => {
    resetQueries();
    reset();
    void router.invalidate();
  };
  return <ErrorState error={error} minHeight={420} onRetry={retry} />;
}
