import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import styles from "./Dialog.module.css";

type Props = {
  opened: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** What the dialog is for; the button that closes it is before it. */
  action?: ReactNode;
  /** What closing means, in place of "Cancel". */
  cancel?: string | undefined;
};

/** A question over the page: Escape closes it, focus stays inside and returns. */
export function Dialog({ opened, title, onClose, children, action, cancel = "Cancel" }: Props) {
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      centered
      size={560}
      radius="md"
      padding="lg"
      classNames={{ content: styles.content ?? "" }}
      transitionProps={{ duration: 120, transition: "fade" }}
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content>
        {/* Modal.Header would be a second banner of the page. */}
        <div className={styles.head}>
          <Modal.Title className={styles.title ?? ""}>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>
          {children}
          <div className={styles.actions}>
            <Button onClick={onClose}>{action ? cancel : "Close"}</Button>
            {action}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
