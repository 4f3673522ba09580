namespace SecurityCoop.Store;

/// <summary>What an import does otherwise in one schema than in another.</summary>
/// <param name="State">Log, size, root, frontier, whether an import is under way, whether anything but it has used the register.</param>
/// <param name="Mark">In the first transaction: says that an import is under way. Null: <paramref name="Head"/> says it.</param>
/// <param name="Head">Moves the head; parameters as <see cref="Sql.ImportHead"/> says.</param>
/// <param name="NamesKinds">Whether the row of a stream names its kind.</param>
/// <param name="Foreign">Whether events that another program appended are taken.</param>
internal sealed record ImportSchema(string State, string? Mark, string Head, bool NamesKinds, bool Foreign)
{
    public static ImportSchema OwnEngine { get; } = new(Sql.ImportState, Sql.MarkImport, Sql.ImportHead, NamesKinds: true, Foreign: true);

    /// <summary>
    /// Stands in the head in the place of the folds that made the documents: no model has it, so that hosts that run on the register
    /// neither read documents nor append, until the documents are made.
    /// </summary>
    private const string UnderWay = "(an import that is not done)";

    private const string MartenState =
        $"""
        select h.log, h.size, h.root, h.frontier, h.records = '{UnderWay}',
            exists (select from register.mt_events) or exists (select from register.ledger_checkpoint)
                or exists (select from register.idempotency)
        from register.log_head h
        """;

    private const string MartenHead =
        $"""
        update register.log_head set log = $3, size = $4, root = $5, frontier = $6, recorded_at = $7, records = '{UnderWay}'
        where size = $1 and root = $2
        """;

    /// <summary>
    /// Streams and events are written by statements of our own, not through Marten: there the ledger's bytes are made from records, and
    /// an import has bytes that must not change. In mt_streams the type stays empty, as Marten leaves it.
    /// </summary>
    public static ImportSchema Marten { get; } = new(MartenState, null, MartenHead, NamesKinds: false, Foreign: false);
}
