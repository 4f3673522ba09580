-- Openings by the people concerned: as Marten exports it.
CREATE TABLE IF NOT EXISTS register.mt_doc_opening (
    id                  varchar                     NOT NULL,
    data                jsonb                       NOT NULL,
    mt_last_modified    timestamp with time zone    NULL DEFAULT (transaction_timestamp()),
    mt_dotnet_type      varchar                     NULL,
    mt_version          bigint                      NOT NULL DEFAULT 0,
    partners            text[]                      NULL,
CONSTRAINT pkey_mt_doc_opening_id PRIMARY KEY (id)
);

CREATE INDEX mt_doc_opening_idx_partners ON register.mt_doc_opening USING gin (partners);
