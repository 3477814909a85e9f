import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { askWhoIsHere, personQuery } from "../../api/account.ts";
import { sendAppCode, sendRecoveryCode } from "../../api/two-factor.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FrontForm, FrontPage } from "../../ui/FrontPage.tsx";

/** The second step of signing in. */
export function SignInCodePage() {
  const { next } = useSearch({ from: "/sign-in/code" });
  const [isRecovery, setIsRecovery] = useState(false);
  const [code, setCode] = useState("");
  const [left, setLeft] = useState<number>();
  const queryClient = useQueryClient();
  const router = useRouter();
  const send = useMutation({
    mutationFn: () => (isRecovery ? sendRecoveryCode(code.trim()) : sendAppCode(code.replace(/\s/g, ""))),
    onSuccess: async () => {
      await askWhoIsHere(queryClient);
      if (isRecovery) setLeft((await queryClient.fetchQuery(personQuery))?.recoveryCodesLeft ?? 0);
      else router.history.push(next ?? paths.home());
    },
  });
  const change = () => {
    setIsRecovery(!isRecovery);
    setCode("");
    send.reset();
  };
  if (left !== undefined)
    return (
      <FrontPage
        title="You are signed in"
        lead={`That recovery code is used up. ${left === 1 ? "1 is" : `${left} are`} left. If your authenticator app is lost, set two-factor up again under Settings; there you also get new codes.`}
      >
        <Button look="primary" onClick={() => router.history.push(next ?? paths.home())}>
          Continue
        </Button>
      </FrontPage>
    );
  return (
    <FrontPage
      title="Enter your code"
      lead={
        isRecovery
          ? "One of the recovery codes you kept when you set up two-factor. Each works once; the dash is optional. All lost? Ask an owner of your account to reset your second factor."
          : "The six digits that your authenticator app shows for Waxseal."
      }
      other={<Link to={paths.signIn()}>Back to sign-in</Link>}
    >
      <FrontForm label="Enter your code" onSend={() => send.mutate()}>
        <TextField
          key={isRecovery ? "recovery" : "app"}
          label={isRecovery ? "Recovery code" : "Code"}
          name="code"
          autoComplete="one-time-code"
          autoFocus
          value={code}
          onChange={setCode}
        />
        <ErrorNotice error={send.error} />
        <Button type="submit" look="primary" busy={send.isPending}>
          Sign in
        </Button>
        <Button look="quiet" onClick={change}>
          {isRecovery ? "Use the authenticator app" : "Use a recovery code"}
        </Button>
      </FrontForm>
    </FrontPage>
  );
}
