import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { accountUrl } from "./in-account.ts";

type Props = { path: string; className: string; children: ReactNode };

/** A link that downloads a file of the account; `path` as in the API. */
export function AccountFile({ path, className, children }: Props) {
  return (
    <a className={className} href={accountUrl({ client: useQueryClient() }, path)} download>
      {children}
    </a>
  );
}
