/* equi: the whole product without a screen. */

#include "cli/cli.h"
#include "cli/commands.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  const char *name, *summary;
  int       (*run) (int argc, char **argv);
} Command;

#define ROW(name, summary, func) { name, summary, func },
static const Command commands[] = { EQS_COMMANDS (ROW) };

static void
print_help (void)
{
  printf ("%s\n\n", _("usage: equi COMMAND [OPTION…]"));
  printf ("%s\n\n", _("Designs networks that respect a symmetry, trains them, measures that they do, and exports them."));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    printf ("  %-10s %s\n", commands[i].name, _(commands[i].summary));
  printf ("\n%s\n", _("“equi COMMAND --help” tells the options of a command."));
}

static gboolean
knows_simd (const char *name)
{
  static const char *const known[] = { "base", "avx2", "avx512", NULL };

  return name == NULL || *name == '\0' || g_strv_contains (known, name);
}

/* What did not arrive was not done: a full disk behind a pipe or a redirection. */
static int
finish (int status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  return eqs_cli_fail (EQS_EXIT_FILE, _("the output could not be written: %s."), g_strerror (errno));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  textdomain (GETTEXT_PACKAGE);
  if (!knows_simd (g_getenv ("EQK_SIMD")))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("EQK_SIMD is “%s”; it takes base, avx2 or avx512."), g_getenv ("EQK_SIMD"));
  if (argc < 2)
    {
      print_help ();
      return EQS_EXIT_USAGE;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 || strcmp (argv[1], "help") == 0)
    {
      print_help ();
      return EQS_EXIT_OK;
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      printf ("equi %s\n", EQS_VERSION);
      return EQS_EXIT_OK;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      return finish (commands[i].run (argc - 1, argv + 1));
  return eqs_cli_fail (EQS_EXIT_USAGE, _("there is no command “%s”; “equi --help” lists those there are."), argv[1]);
}
