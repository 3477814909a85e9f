import { queryOptions } from "@tanstack/react-query";
import type { MonthlyRecipientListView, MonthlyRecipientView, MonthlyReportView } from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";

/** Without a domain: all of the account. */
export type MonthlyReportSearch = { month?: string; domainId?: string };

/** What the address of the page asks for; anything else of it is left out. */
export function readMonthlyReportSearch({ month, domainId }: Record<string, unknown>): MonthlyReportSearch {
  return {
    ...(typeof month === "string" && /^20\d\d-(0[1-9]|1[0-2])$/.test(month) && { month }),
    ...(typeof domainId === "string" && { domainId }),
  };
}

export const monthlyReportQuery = (search: MonthlyReportSearch) =>
  queryOptions({
    queryKey: ["monthly-report", search],
    queryFn: (scope) => inAccount(scope).get<MonthlyReportView>("/monthly-report", search),
  });

/** The path of the same as a file. */
export function monthlyReportPath(search: MonthlyReportSearch, format: "csv" | "json" | "html"): string {
  return `/monthly-report/export?${new URLSearchParams({ ...search, format })}`;
}

export const monthlyRecipientsQuery = queryOptions({
  queryKey: ["monthly-report", "recipients"],
  queryFn: (scope) => inAccount(scope).list<MonthlyRecipientListView>("/monthly-report/recipients"),
});

export function addMonthlyRecipient(email: string, scope: Scope) {
  return inAccount(scope).post<MonthlyRecipientView>("/monthly-report/recipients", { email });
}

export function removeMonthlyRecipient(id: string, scope: Scope) {
  return inAccount(scope).delete(`/monthly-report/recipients/${encodeURIComponent(id)}`);
}

export function setMonthlyToCustomers(toCustomers: boolean, scope: Scope) {
  return inAccount(scope).put<MonthlyRecipientListView>("/monthly-report/customers", { toCustomers });
}
