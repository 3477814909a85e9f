import { useMutation, useQueryClient } from "@tanstack/react-query";
import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import { beginTwoFactor, sendAppCode, type TwoFactorStart } from "../../api/two-factor.ts";
import { Button } from "../../ui/Button.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FrontForm } from "../../ui/FrontPage.tsx";
import { RecoveryCodes } from "../../ui/RecoveryCodes.tsx";
import { Text } from "../../ui/Text.tsx";
import { OwnPasswordField } from "./OwnPasswordField.tsx";

type Props = {
  /** Who came by single sign-on alone has none. */ needsPassword: boolean;
  onDone?: () => void;
};

/** Setting up two-factor: the password, then the app's secret and the recovery codes, proved by a code. */
export function TwoFactorSetup({ needsPassword, onDone }: Props) {
  const [password, setPassword] = useState("");
  const begin = useMutation({ mutationFn: () => beginTwoFactor(password) });
  if (begin.data) return <ProveApp start={begin.data} onDone={onDone} />;
  return (
    <FrontForm label="Set up two-factor" onSend={() => begin.mutate()}>
      {needsPassword && <OwnPasswordField value={password} onChange={setPassword} />}
      <ErrorNotice error={begin.error} />
      <Button type="submit" look="primary" busy={begin.isPending}>
        Set up two-factor
      </Button>
    </FrontForm>
  );
}

function ProveApp({ start, onDone }: { start: TwoFactorStart; onDone: (() => void) | undefined }) {
  const [code, setCode] = useState("");
  const queryClient = useQueryClient();
  const send = useMutation({
    mutationFn: () => sendAppCode(code.replace(/\s/g, "")),
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      onDone?.();
    },
  });
  const secret = new URL(start.totpURI).searchParams.get("secret") ?? "";
  return (
    <FrontForm label="Prove the app" onSend={() => send.mutate()}>
      <Text>1. Scan this with an authenticator app, or type the secret into it.</Text>
      <QRCodeSVG value={start.totpURI} size={176} marginSize={2} title="QR code for an authenticator app" />
      <CopyText value={secret} name="secret" />
      <Text>
        2. Keep these recovery codes where you find them without your phone. Each signs you in once without
        the app. They are not shown again.
      </Text>
      <RecoveryCodes codes={start.backupCodes} title="Waxseal recovery codes" />
      <TextField
        label="3. Code that the app shows"
        name="code"
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
      />
      <ErrorNotice error={send.error} />
      <Button type="submit" look="primary" busy={send.isPending}>
        Turn two-factor on
      </Button>
    </FrontForm>
  );
}
