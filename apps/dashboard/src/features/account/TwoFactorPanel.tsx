import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { meQuery } from "../../api/account.ts";
import type { MeView } from "../../api/contract.ts";
import { setTwoFactorRule, turnOffTwoFactor } from "../../api/two-factor.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { FrontForm } from "../../ui/FrontPage.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { Text } from "../../ui/Text.tsx";
import { OwnPasswordField } from "./OwnPasswordField.tsx";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog.tsx";
import { TwoFactorSetup } from "./TwoFactorSetup.tsx";

/** One's own second factor, and whether the account requires one of all members. */
export function TwoFactorPanel({ me }: { me: MeView }) {
  const [isOpen, setIsOpen] = useState(false);
  const [isRenewing, setIsRenewing] = useState(false);
  const { enabled, hasPasskey, required } = me.twoFactor;
  const close = () => setIsOpen(false);
  return (
    <Panel title="Two-factor" hint="A code of an authenticator app besides the password.">
      <Stack>
        <Row>
          <Status tone={enabled ? "good" : "notice"}>
            {enabled ? "You use two-factor" : hasPasskey ? "Only with your passkey" : "Off for you"}
          </Status>
          <Button
            disabledReason={
              enabled && required && !hasPasskey
                ? "This account requires two-factor: add a passkey first, then you can turn this off."
                : undefined
            }
            onClick={() => setIsOpen(true)}
          >
            {enabled ? "Turn off…" : "Set up…"}
          </Button>
          {enabled && <Button onClick={() => setIsRenewing(true)}>New recovery codes…</Button>}
        </Row>
        {enabled && me.twoFactor.recoveryCodesLeft !== null && (
          <Text>
            {me.twoFactor.recoveryCodesLeft === 1
              ? "1 recovery code is left."
              : `${me.twoFactor.recoveryCodesLeft} recovery codes are left.`}
            {me.twoFactor.recoveryCodesLeft < 3 && " Make new ones before you need them."}
          </Text>
        )}
        {isRenewing && (
          <RecoveryCodesDialog needsPassword={me.signIn.hasPassword} onClose={() => setIsRenewing(false)} />
        )}
        <Rule me={me} />
        {isOpen && !enabled && (
          <Dialog opened title="Set up two-factor" onClose={close}>
            <TwoFactorSetup needsPassword={me.signIn.hasPassword} onDone={close} />
          </Dialog>
        )}
        {isOpen && enabled && <TurnOff needsPassword={me.signIn.hasPassword} onClose={close} />}
      </Stack>
    </Panel>
  );
}

function Rule({ me }: { me: MeView }) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: setTwoFactorRule,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
  const { enabled, hasPasskey, required } = me.twoFactor;
  const lacksOwn = !required && !enabled && !hasPasskey;
  return (
    <>
      <Text>
        {required
          ? "Two-factor or a passkey is required for all members. Members without one can only set it up."
          : "Two-factor is optional for members."}
      </Text>
      <div>
        <ActionButton
          needs="account.manage"
          busy={change.isPending}
          disabledReason={lacksOwn ? "Set up two-factor or a passkey for yourself first." : undefined}
          onClick={() => change.mutate(!required)}
        >
          {required ? "Make it optional" : "Require it for all members"}
        </ActionButton>
      </div>
      <ErrorNotice error={change.error} />
    </>
  );
}

function TurnOff({ needsPassword, onClose }: { needsPassword: boolean; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const queryClient = useQueryClient();
  const turnOff = useMutation({
    mutationFn: () => turnOffTwoFactor(password),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries();
    },
  });
  return (
    <Dialog opened title="Turn two-factor off?" onClose={onClose}>
      <FrontForm label="Turn two-factor off" onSend={() => turnOff.mutate()}>
        <Text>
          {needsPassword ? "Your password" : "Single sign-on"} alone will sign you in. You are signed out
          everywhere else.
        </Text>
        {needsPassword && <OwnPasswordField value={password} onChange={setPassword} />}
        <ErrorNotice error={turnOff.error} />
        <Button type="submit" look="danger" busy={turnOff.isPending}>
          Turn it off
        </Button>
      </FrontForm>
    </Dialog>
  );
}
