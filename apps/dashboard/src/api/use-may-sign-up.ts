import { useQuery } from "@tanstack/react-query";
import { signUpQuery } from "./account.ts";

/** Whether to offer signing up to a person without an invitation. True until the server has answered. */
export function useMaySignUp(): boolean {
  const { data } = useQuery(signUpQuery);
  return data?.rule !== "closed" && data?.rule !== "invitation";
}
