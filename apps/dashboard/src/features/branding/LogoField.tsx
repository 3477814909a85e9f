import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ActionButton, OnlyFor } from "../../api/ActionButton.tsx";
import { meQuery } from "../../api/account.ts";
import type { BrandView } from "../../api/contract.ts";
import { accountUrl } from "../../api/in-account.ts";
import { brandQuery, removeLogo, setLogo } from "../../api/instructions.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { FileButton } from "../../ui/FileButton.tsx";
import { Row } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import styles from "./Branding.module.css";
import { readAsBase64 } from "./read-as-base64.ts";

const MAX_BYTES = 200 * 1024;

/** The logo, and the ways to change it; it is saved at once. */
export function LogoField({ logo }: Pick<BrandView, "logo">) {
  const [tooLarge, setTooLarge] = useState(false);
  const client = useQueryClient();
  const onSuccess = async () => {
    await Promise.all([brandQuery, meQuery].map(({ queryKey }) => client.invalidateQueries({ queryKey })));
  };
  const upload = useMutation({
    mutationFn: async (file: File, scope) => setLogo(await readAsBase64(file), scope),
    onSuccess,
  });
  const remove = useMutation({ mutationFn: removeLogo, onSuccess });
  return (
    <>
      {logo && (
        <img
          src={accountUrl({ client }, `/account/logo?${logo.version}`)}
          alt="Your logo"
          className={styles.logo}
        />
      )}
      <OnlyFor needs="account.manage">
        <Row>
          <FileButton
            label={logo ? "Choose another logo" : "Choose a logo"}
            accept="image/png,image/jpeg,image/webp"
            onChoose={(file) => {
              setTooLarge(file.size > MAX_BYTES);
              if (file.size <= MAX_BYTES) upload.mutate(file);
            }}
          />
          {logo && (
            <ActionButton
              needs="account.manage"
              look="quiet"
              busy={remove.isPending}
              onClick={() => remove.mutate()}
            >
              Remove the logo
            </ActionButton>
          )}
        </Row>
      </OnlyFor>
      {tooLarge && (
        <Notice tone="bad" live>
          The picture is larger than 200 kB.
        </Notice>
      )}
      <ErrorNotice error={upload.error ?? remove.error} />
    </>
  );
}
