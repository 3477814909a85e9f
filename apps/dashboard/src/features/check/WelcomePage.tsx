import { useComputedColorScheme } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMaySignUp } from "../../api/use-may-sign-up.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { FrontFrame } from "../../ui/FrontPage.tsx";
import { Row } from "../../ui/Layout.tsx";
import { DomainForm } from "./DomainForm.tsx";
import styles from "./WelcomePage.module.css";

/** For visitors who are not signed in: what Waxseal is, and a check of their domain. */
export function WelcomePage() {
  const maySignUp = useMaySignUp();
  return (
    <FrontFrame
      title="Encrypted mail delivery"
      links={
        <>
          <Link to={paths.signIn()}>Sign in</Link>
          {maySignUp && <Link to={paths.signUp()}>Create an account</Link>}
        </>
      }
    >
      <div className={styles.page}>
        <section className={styles.hero} aria-labelledby="what-it-is">
          <h1 id="what-it-is">
            Waxseal makes senders encrypt the mail they deliver to your domain, and shows you when that fails.
          </h1>
          <p className={styles.lead}>
            You publish three DNS records once. Waxseal hosts your MTA-STS policy with its certificate, and
            receives and explains the TLS reports that senders send about it.
          </p>
          <div className={styles.check}>
            <h2>How does your domain do today?</h2>
            <DomainForm domain="" isFocused={false} />
            <p className={styles.small}>No account needed. Takes a few seconds.</p>
          </div>
          <Row>
            {maySignUp && (
              <Link to={paths.signUp()} className={buttonClass("primary")}>
                Create an account
              </Link>
            )}
            <Link to={paths.signIn()} className={buttonClass()}>
              Sign in
            </Link>
          </Row>
        </section>
        <Pictures />
      </div>
    </FrontFrame>
  );
}

const PICTURES = [
  {
    name: "records",
    title: "Three records, once",
    text: "Copy three CNAMEs to your DNS, or send them to the person who edits it. The page turns green when they are found; certificates are renewed from then on.",
    alt: "A domain's page with the three DNS records to publish and the state of each",
  },
  {
    name: "reports",
    title: "What senders report, as charts",
    text: "Every provider that supports TLS-RPT reports once a day. See the share that was delivered encrypted, per provider, result, mail host and policy.",
    alt: "A chart of the success rate and of delivered and failed connections for each day",
  },
  {
    name: "failures",
    title: "Failures in plain words",
    text: "Similar failures are grouped and explained, each with who needs to fix it and a message to send. You move to enforce when nothing would be held back.",
    alt: "Failed deliveries with the reason, the mail hosts concerned and who needs to fix them",
  },
] as const;

/** Screens of the demo account, as they are in the visitor's colour scheme. */
function Pictures() {
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  return (
    <ul className={styles.pictures}>
      {PICTURES.map(({ name, title, text, alt }) => (
        <li key={name}>
          <div>
            <h2>{title}</h2>
            <p>{text}</p>
          </div>
          <img src={`/front/${name}-${scheme}.webp`} alt={alt} width="814" height="480" loading="lazy" />
        </li>
      ))}
    </ul>
  );
}
