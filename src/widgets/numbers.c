/* Sizes and work as the window shows them. */

#include "widgets/numbers.h"

/* 81.5, 163, 1.25 with the unit of its thousand. */
static char *
scaled (double value, const char *const units[4])
{
  int k = 0;

  while (k < 3 && value >= 999.5)
    {
      value /= 1000;
      k++;
    }
  return g_strdup_printf ("%.*f %s", k == 0 || value >= 99.95 ? 0 : 1, value, units[k]);
}

char *
eqs_bytes_dup_text (gsize bytes)
{
  static const char *const units[] = { "B", "kB", "MB", "GB" };

  return scaled ((double) bytes, units);
}

char *
eqs_macs_dup_text (double macs)
{
  static const char *const units[] = { "MAC", "kMAC", "MMAC", "GMAC" };

  return scaled (macs, units);
}
