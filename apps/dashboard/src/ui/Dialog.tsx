import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import styles from "./Dialog.module.css";

type Props = {
  opened: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** What the dialog is for; "Cancel" stands before it. */
  action?: ReactNode;
};

/** A question over the page: Escape closes it, focus stays inside and returns. */
export function Dialog({ opened, title, onClose, children, action }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      size={560}
      radius="md"
      padding="lg"
      transitionProps={{ duration: 120, transition: "fade" }}
      overlayProps={{ backgroundOpacity: 0.45 }}
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{ title: styles.title ?? "", content: styles.content ?? "" }}
    >
      {children}
      <div className={styles.actions}>
        <Button onClick={onClose}>{action ? "Cancel" : "Close"}</Button>
        {action}
      </div>
    </Modal>
  );
}
