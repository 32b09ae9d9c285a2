/* equistudio: the studio's window. */

#include "app/application.h"

#include <locale.h>

#include <glib/gi18n.h>

int
main (int argc, char **argv)
{
  g_autoptr (EqsApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("EQUISTUDIO_LOCALEDIR") != NULL ? g_getenv ("EQUISTUDIO_LOCALEDIR") : EQS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name (_("Equistudio"));
  application = eqs_application_new (0);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
