using System.Text;

namespace SecurityCoop.Web.Exchange;

/// <summary>What keeps a row from being read.</summary>
enum CsvFault { Unclosed, AfterQuotes, TooLong }

/// <summary>A row of cells, whose characters are the file's bytes.</summary>
/// <param name="Number">1: the first one.</param>
/// <param name="Fault">With the cell in which it is, from 0; then the cells are of no use.</param>
sealed record CsvRow(int Number, List<string> Cells, (CsvFault What, int Cell)? Fault);

/// <summary>
/// Cells of CSV (RFC 4180), separated by commas, semicolons or tabs; lines end with LF, CR LF or CR. Of a row that is longer than any
/// command may be no more is kept, so that no file fills the memory by one line.
/// </summary>
static class CsvReader
{
    const int LongestRow = 1 << 20, Block = 1 << 16;
    const string Separators = ",;\t";

    /// <summary>
    /// The separator of a file, and how many characters to pass over before its first row: a first line <c>sep=;</c> names it, as
    /// spreadsheets write it; otherwise it is the one of comma, semicolon and tab that the first row with content has most of.
    /// </summary>
    /// <param name="start">The beginning of the file, without its byte order mark.</param>
    public static (char Separator, int Skip) Separator(ReadOnlySpan<char> start)
    {
        var end = start.IndexOfAny('\n', '\r') is var found and >= 0 ? found : start.Length;
        var line = start[..end].Trim(' ').Trim('"');
        if (line.Length == 5 && line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && Separators.Contains(line[4]))
            return (line[4], end + (start[end..].StartsWith("\r\n") ? 2 : end < start.Length ? 1 : 0));
        Span<int> counts = stackalloc int[Separators.Length];
        var (quoted, content) = (false, false);
        foreach (var c in start)
        {
            if (c is '\n' or '\r' && !quoted)
            {
                if (content) break;
                counts.Clear();
                continue;
            }
            if (c == '"') quoted = !quoted;
            else if (!quoted && Separators.IndexOf(c, StringComparison.Ordinal) is var which and >= 0) counts[which]++;
            else if (!char.IsWhiteSpace(c)) content = true;
        }
        var most = 0;
        for (var i = 1; i < counts.Length; i++)
            if (counts[i] > counts[most]) most = i;
        return (Separators[most], 0);
    }

    /// <param name="bytes">Read from where it stands.</param>
    public static IEnumerable<CsvRow> Rows(Stream bytes, char separator = ',')
    {
        // Byte by byte, so that a cell that is not in the file's encoding is known by its place.
        using var text = new StreamReader(bytes, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, Block, leaveOpen: true);
        var (block, length, at) = (new char[Block], 0, 0);

        var (number, cells, cell, kept) = (1, new List<string>(), new StringBuilder(), 0);
        var (quoted, closed, begun, fault) = (false, false, false, ((CsvFault, int)?)null);
        while (Next() is var c and >= 0)
        {
            begun = true;
            if (++kept > LongestRow && fault is null)
            {
                fault = (CsvFault.TooLong, cells.Count);
                cells.Clear();
            }
            if (quoted)
            {
                if (c != '"') Keep((char)c);
                else if (Peek() == '"') Keep((char)Next());
                else (quoted, closed) = (false, true);
            }
            else if (c == separator) EndCell();
            else if (c is '\n' or '\r')
            {
                if (c == '\r' && Peek() == '\n') Next();
                yield return EndRow();
            }
            else if (c == '"' && cell.Length == 0 && !closed) quoted = true;
            else if (closed) fault ??= (CsvFault.AfterQuotes, cells.Count);
            else Keep((char)c);
        }
        if (quoted) fault ??= (CsvFault.Unclosed, cells.Count);
        if (begun) yield return EndRow();

        int Peek()
        {
            if (at == length) (length, at) = (text.ReadBlock(block), 0);
            return at == length ? -1 : block[at];
        }

        int Next() => Peek() is var c and >= 0 && ++at > 0 ? c : -1;

        void Keep(char c)
        {
            if (fault is null) cell.Append(c);
        }

        void EndCell()
        {
            if (fault is null) cells.Add(cell.ToString());
            cell.Clear();
            closed = false;
        }

        CsvRow EndRow()
        {
            EndCell();
            var row = new CsvRow(number++, cells, fault);
            (cells, kept, begun, fault) = ([], 0, false, null);
            return row;
        }
    }
}
