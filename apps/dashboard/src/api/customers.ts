import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type { CustomerListView, CustomerView } from "./contract.ts";

export const customersQuery = (q = "") =>
  queryOptions({
    queryKey: ["customers", q],
    queryFn: () => api.get<CustomerListView>("/customers", { q }),
    placeholderData: keepPreviousData,
  });

export function createCustomer(name: string) {
  return api.post<CustomerView>("/customers", { name });
}
