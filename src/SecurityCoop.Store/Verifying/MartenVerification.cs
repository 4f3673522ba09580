using Npgsql;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store;

/// <summary>Verifies a register in Marten's schema. Reads only.</summary>
internal static class MartenVerification
{
    /// <summary>Checks the whole database: `securitycoop verify`.</summary>
    /// <param name="connection">Open; best one that cannot write.</param>
    /// <param name="trusted">The key by which checkpoints are verified.</param>
    /// <param name="earlier">A checkpoint that an auditor kept: what it covers must not have changed.</param>
    /// <param name="progress">Told of events checked, and of how many.</param>
    /// <exception cref="HistoryFault">The first fault, by position, with what was expected and what was found.</exception>
    public static Task<Sound> Run(
        NpgsqlConnection connection, RegisterModel model, KeyFolder keys, VerifierKey trusted, Note? earlier = null,
        Action<long, long>? progress = null, CancellationToken stop = default) =>
        new MartenCheck(connection, model, keys, progress).Run(trusted, earlier, stop);

    /// <summary>Reads every event again at a low rate, with the tiles over them.</summary>
    /// <exception cref="HistoryFault">The first fault.</exception>
    public static Task Reread(
        NpgsqlConnection connection, RegisterModel model, KeyFolder keys, Action<long, long>? progress = null,
        CancellationToken stop = default) =>
        new MartenCheck(connection, model, keys, progress).Reread(stop);
}
