import { useMutation } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { confirmEmailChange } from "../../api/account.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { Notice } from "../../ui/Notice.tsx";

/** Behind the link of a mail about another address. A press confirms, so that a program that opens links does not. */
export function EmailChangePage() {
  const { emailChangeToken = "" } = useParams({ strict: false });
  const confirm = useMutation({ mutationFn: () => confirmEmailChange(emailChangeToken) });
  const { data } = confirm;
  return (
    <FrontPage
      title="Change your email address"
      lead={data ? undefined : "Your present and your new address both have to confirm the change."}
      other={<Link to={paths.signIn()}>Go to sign-in</Link>}
    >
      {data && (
        <Notice
          tone="good"
          live
          title={data.waitsFor ? "Confirmed for this address" : "Your address is changed"}
        >
          {data.waitsFor
            ? `Now open the link in the mail to your ${data.waitsFor === "new" ? "new" : "present"} address.`
            : `Sign in with ${data.email} from now on.`}
        </Notice>
      )}
      {!data && (
        <Button look="primary" busy={confirm.isPending} onClick={() => confirm.mutate()}>
          Confirm the change
        </Button>
      )}
      <ErrorNotice error={confirm.error} />
    </FrontPage>
  );
}
