import { Link } from "@tanstack/react-router";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";

export function NotFoundPage() {
  return (
    <EmptyState
      minHeight={420}
      title="There is nothing at this address"
      body="It may have been removed, belong to another account, or be mistyped."
      action={
        <Link to={paths.domains()} className={buttonClass("primary")}>
          Go to your domains
        </Link>
      }
    />
  );
}
