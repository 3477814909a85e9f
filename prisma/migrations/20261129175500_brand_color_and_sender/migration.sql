-- The colour and the sender's name of a brand. Null: ours.
alter table account_brand add column color text, add column sender_name text;
