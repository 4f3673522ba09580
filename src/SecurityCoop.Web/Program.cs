namespace SecurityCoop.Web;

static class Program
{
    static int Main() => 2;
}
