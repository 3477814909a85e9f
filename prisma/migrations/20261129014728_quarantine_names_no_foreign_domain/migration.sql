-- Texts that were stored while a foreign domain was named where no other account had it, which told who is a customer.
update report_message
set quarantine_detail = regexp_replace(
  quarantine_detail,
  '^(The report in line \d+: )?It is about .*, which this address does not stand for\.',
  '\1It is about a domain that is not in this account.')
where state = 'quarantined' and quarantine_reason = 'other-domain'
  and quarantine_detail like '%which this address does not stand for%';
