import styles from "./NumberedList.module.css";

/** What is done one after the other. */
export function NumberedList({ items }: { items: readonly { title: string; detail: string }[] }) {
  return (
    <ol className={styles.list}>
      {items.map((item) => (
        <li key={item.title}>
          {item.title}
          <p className={styles.detail}>{item.detail}</p>
        </li>
      ))}
    </ol>
  );
}
