namespace SecurityCoop.Store;

/// <summary>A view: a pure fold from events to documents by key, saved in the append's own transaction. Views see events in the order of the log.</summary>
/// <param name="name">Its name in the database and in messages.</param>
/// <param name="definition">A text that changes whenever the fold or the document does; a process whose text differs from the stored one writes nothing.</param>
public abstract class View(string name, string definition)
{
    /// <summary>Its name in the database and in messages.</summary>
    public string Name => name;

    /// <summary>What identifies this way of folding.</summary>
    public string Definition => definition;

    /// <summary>The rows that the event touches (usually its stream's, or none). Depends on stream, type, id, event and context only: it is asked before position, version, reference and time are known. It is asked of a <see cref="ForeignEvent"/> too: then the rows whose version moves with it.</summary>
    public abstract IEnumerable<string> KeysOf(StoredEvent e);

    /// <summary>The row after an event that is no <see cref="ForeignEvent"/>; null before the first. Rows are immutable: they are shared with readers.</summary>
    public abstract object Evolve(object? row, StoredEvent e);

    /// <summary>The row as a document: UTF-8 JSON.</summary>
    public abstract byte[] Write(object row);

    /// <summary>The row of a document that <see cref="Write"/> made.</summary>
    public abstract object Read(ReadOnlySpan<byte> document);

    /// <summary>Codes of the partners that the row concerns. The row is found by each of them, and so is each event by the partners of the rows it touched, before and after it.</summary>
    public virtual IEnumerable<string> PartnersOf(object row) => [];
}

/// <summary>A view's row.</summary>
/// <param name="Value">The row itself; null where there is none.</param>
/// <param name="Key">Its key.</param>
/// <param name="Version">The stream version of the last event that touched it: for a row of one stream, that stream's version as far as the view folds it. 0 where there is none.</param>
/// <param name="Position">That event's position; 0 where there is none.</param>
public sealed record Row(object? Value, string Key, long Version, long Position);
