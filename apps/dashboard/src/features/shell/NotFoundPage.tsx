import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { findAccountId } from "../../api/in-account.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Wall } from "../../ui/Wall.tsx";

export function NotFoundPage() {
  const isInAccount = findAccountId({ client: useQueryClient() }) !== undefined;
  return (
    <Wall>
      <PageHeader
        title="Page not found"
        lead="It may have been removed, belong to another account, or be mistyped."
      />
      <Link to={isInAccount ? paths.overview() : paths.home()} className={buttonClass("primary")}>
        Go to your home page
      </Link>
    </Wall>
  );
}
