using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Description;

/// <summary>
/// The slugs with which an endpoint may refuse, read from its compiled code: every literal that goes into a <see cref="Refusal"/> in a method that the
/// handler's calls lead to, within the host and the model. So nobody keeps lists beside the code, and what is added is described by itself. It names
/// rather too much than too little: which of two branches a route can reach is not asked.
/// </summary>
static class ReachableRefusals
{
    static readonly Assembly[] ours = [typeof(ReachableRefusals).Assembly, typeof(Refusal).Assembly];
    static readonly Dictionary<short, OpCode> opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);
    static readonly ConcurrentDictionary<MethodBase, Found> read = [];

    sealed record Found(IReadOnlyList<(string Slug, bool OfField)> Slugs, IReadOnlyList<MethodBase> Calls);

    /// <param name="record">The kind of record of which the handler only knows that it is one.</param>
    /// <returns>Each with whether it may be said of a field, whether of the whole.</returns>
    public static IReadOnlySet<(string Slug, bool OfField)> Of(IEnumerable<MethodInfo> handlers, Type? record)
    {
        var (slugs, seen, next) = (new HashSet<(string, bool)>(), new HashSet<MethodBase>(), new Stack<MethodBase>(handlers.Select(Definition)));
        while (next.TryPop(out var method))
        {
            if (!seen.Add(method)) continue;
            var found = read.GetOrAdd(method, Read);
            slugs.UnionWith(found.Slugs);
            foreach (var call in found.Calls) next.Push(Override(call, record));
        }
        return slugs;
    }

    static Found Read(MethodBase method)
    {
        var (slugs, literals, calls) = (new List<(string, bool)>(), new List<string>(), new List<MethodBase>());
        // What an async method or an iterator does stands in a type of its own.
        if (method.GetCustomAttribute<StateMachineAttribute>() is { } machine)
            calls.Add(Definition(machine.StateMachineType.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!));
        foreach (var operand in Operands(method))
            switch (operand)
            {
                case string text when Problems.Known.Contains(text):
                    literals.Add(text);
                    break;
                case MethodBase { Name: "op_Equality" } compared when compared.DeclaringType == typeof(string):
                    if (literals.Count > 0) literals.RemoveAt(literals.Count - 1); // What a refusal is compared with is not what is thrown.
                    break;
                case MethodBase called when called.DeclaringType == typeof(Refusal):
                    slugs.AddRange(literals.Select(l => (l, called.Name == nameof(Refusal.OfField))));
                    literals.Clear();
                    break;
                case MethodBase called when ours.Contains(called.Module.Assembly):
                    calls.Add(Definition(called));
                    break;
            }
        return new(slugs, calls);
    }

    /// <summary>The strings and methods that a method's instructions name, in their order (ECMA-335, partition III and II.25.4).</summary>
    static IEnumerable<object> Operands(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il) yield break;
        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < il.Length;)
        {
            short code = il[at++];
            if (code == 0xFE) code = unchecked((short)(0xFE00 | il[at++]));
            var operand = opCodes[code].OperandType;
            if (operand == OperandType.InlineString) yield return method.Module.ResolveString(BitConverter.ToInt32(il, at));
            if (operand is OperandType.InlineMethod && method.Module.ResolveMethod(BitConverter.ToInt32(il, at), typeArguments, methodArguments) is { } called) yield return called;
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
        }
    }

    static MethodBase Override(MethodBase called, Type? record) => called is MethodInfo { IsVirtual: true } m && record is not null && m.DeclaringType!.IsAssignableFrom(record)
        ? record.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).FirstOrDefault(o => o.GetBaseDefinition() == m.GetBaseDefinition()) ?? called : called;

    // One entry for all instantiations of a generic method.
    static MethodBase Definition(MethodBase method) =>
        method.DeclaringType is { IsGenericType: true, IsGenericTypeDefinition: false } || method is { IsGenericMethod: true, IsGenericMethodDefinition: false }
            ? method.Module.ResolveMethod(method.MetadataToken)! : method;
}

/// <summary>On an endpoint whose handler is only handed what decides: that, and the kind of record where the code is alike for several.</summary>
sealed record Decides(Type? Record, params MethodInfo[] By);
