#pragma once

/* A locale with a decimal comma, for tests. Few machines have one, so German is compiled from the sources of the C library where it is not. */

#include <glib.h>
#include <locale.h>

static inline gboolean
comma_locale_found (int category)
{
  static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (setlocale (category, names[i]) != NULL)
      return TRUE;
  return FALSE;
}

/** Sets the category, LC_NUMERIC or LC_ALL, to German. FALSE where there is none and none can be made. */
static inline gboolean
comma_locale_set (int category)
{
  g_autofree char *folder = NULL, *path = NULL;
  const char      *command[] = { "localedef", "-i", "de_DE", "-f", "UTF-8", NULL, NULL };

  if (comma_locale_found (category))
    return TRUE;
  folder = g_dir_make_tmp ("equi-locale-XXXXXX", NULL);
  path = folder == NULL ? NULL : g_build_filename (folder, "de_DE.UTF-8", NULL);
  command[5] = path;
  if (path == NULL || !g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, NULL, NULL))
    return FALSE;
  g_setenv ("LOCPATH", folder, TRUE);
  return comma_locale_found (category);
}
