using System.Globalization;
using System.IO.Compression;
using System.Text;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace SecurityCoop.Web.Exchange;

/// <summary>
/// The first sheet of a workbook (xlsx) as rows of cells, whose characters are bytes of UTF-8 as in <see cref="CsvReader"/>.
/// </summary>
static class WorkbookReader
{
    // What a workbook may unpack to, so that no small file fills the memory.
    const long MostUnpacked = 300_000_000;

    // The library asks for a code page even where a workbook has none.
    static WorkbookReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Whether a file is a package of the kind that a workbook is.</summary>
    public static bool Is(ReadOnlySpan<byte> start) => start is [(byte)'P', (byte)'K', 3, 4, ..];

    /// <summary>Opens it.</summary>
    /// <returns>Null where it is no workbook, or unpacks to too much.</returns>
    public static IExcelDataReader? Open(Stream bytes)
    {
        try
        {
            using (var package = new ZipArchive(bytes, ZipArchiveMode.Read, leaveOpen: true))
                if (package.Entries.Sum(e => e.Length) > MostUnpacked) return null;
            bytes.Position = 0;
            return ExcelReaderFactory.CreateOpenXmlReader(bytes, new() { LeaveOpen = true });
        }
        catch (Exception bad) when (bad is ExcelReaderException or InvalidDataException or System.Xml.XmlException)
        {
            return null;
        }
    }

    /// <summary>Its rows, counted as the spreadsheet counts them.</summary>
    public static IEnumerable<CsvRow> Rows(IExcelDataReader workbook)
    {
        for (var number = 1; workbook.Read(); number++)
            yield return new(number, [.. Enumerable.Range(0, workbook.FieldCount).Select(i => Bytes(Said(workbook.GetValue(i))))], null);
    }

    static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    // A day is written as a day, whatever the cell's format makes of it.
    static string Said(object? value) => value switch
    {
        null => "",
        DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
