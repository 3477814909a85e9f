import { Link } from "@tanstack/react-router";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Wall } from "../../ui/Wall.tsx";

export function NotFoundPage() {
  return (
    <Wall>
      <PageHeader
        title="There is nothing at this address"
        lead="It may have been removed, belong to another account, or be mistyped."
      />
      <Link to={paths.domains()} className={buttonClass("primary")}>
        Go to your domains
      </Link>
    </Wall>
  );
}
