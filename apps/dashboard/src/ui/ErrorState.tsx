import { Button } from "./Button.tsx";
import styles from "./EmptyState.module.css";

type Props = { error: unknown; onRetry?: () => void; minHeight?: number };

/** What went wrong, with a way to try again. */
export function ErrorState({ error, onRetry, minHeight }: Props) {
  return (
    <div className={styles.empty} style={{ minHeight }} role="alert">
      <p className={styles.title}>This could not be loaded</p>
      <p className={styles.body}>{errorText(error)}</p>
      {onRetry && (
        <div className={styles.action}>
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
    </div>
  );
}

/** What to tell a person about anything that was thrown. */
export function errorText(error: unknown): string {
  // Our own refusals are written to be shown; a TypeError is not.
  if (error instanceof Error && error.name === "ApiError") return error.message;
  return "Something went wrong in this page. Reload it; if that does not help, tell us what you did.";
}
