/* Units: a table of names with what they are in eV, Å, e and fs, and a reader of products of powers of them. */

#include "data/units.h"

#include <math.h>
#include <string.h>

#define JOULE    (1 / 1.602176634e-19)            /* eV */
#define HARTREE  27.211386245988                  /* eV */
#define BOHR     0.529177210903                   /* Å */
#define AVOGADRO 6.02214076e23
#define DEBYE    0.20819433270935594              /* e·Å: 1e-21 C·m²/s over the speed of light */

static const struct { const char *name; EqsUnit unit; } known[] = {
  { "eV",      { 1, 1, 0, 0, 0 } },             { "ev",       { 1, 1, 0, 0, 0 } },            { "meV",       { 1e-3, 1, 0, 0, 0 } },
  { "keV",     { 1e3, 1, 0, 0, 0 } },           { "Hartree",  { HARTREE, 1, 0, 0, 0 } },      { "hartree",   { HARTREE, 1, 0, 0, 0 } },
  { "Ha",      { HARTREE, 1, 0, 0, 0 } },       { "ha",       { HARTREE, 1, 0, 0, 0 } },      { "Eh",        { HARTREE, 1, 0, 0, 0 } },
  { "E_h",     { HARTREE, 1, 0, 0, 0 } },       { "mHa",      { HARTREE / 1e3, 1, 0, 0, 0 } }, { "Ry",       { HARTREE / 2, 1, 0, 0, 0 } },
  { "Rydberg", { HARTREE / 2, 1, 0, 0, 0 } },   { "rydberg",  { HARTREE / 2, 1, 0, 0, 0 } },  { "J",         { JOULE, 1, 0, 0, 0 } },
  { "kJ",      { 1e3 * JOULE, 1, 0, 0, 0 } },   { "cal",      { 4.184 * JOULE, 1, 0, 0, 0 } }, { "kcal",     { 4184 * JOULE, 1, 0, 0, 0 } },
  { "mol",     { AVOGADRO, 0, 0, 0, 0 } },      { "atom",     { 1, 0, 0, 0, 0 } },            { "1",         { 1, 0, 0, 0, 0 } },
  { "Å",       { 1, 0, 1, 0, 0 } },             { "Å",  { 1, 0, 1, 0, 0 } },            { "A",         { 1, 0, 1, 0, 0 } },
  { "Ang",     { 1, 0, 1, 0, 0 } },             { "ang",      { 1, 0, 1, 0, 0 } },            { "Angstrom",  { 1, 0, 1, 0, 0 } },
  { "angstrom", { 1, 0, 1, 0, 0 } },            { "bohr",     { BOHR, 0, 1, 0, 0 } },         { "Bohr",      { BOHR, 0, 1, 0, 0 } },
  { "a0",      { BOHR, 0, 1, 0, 0 } },          { "a_0",      { BOHR, 0, 1, 0, 0 } },         { "nm",        { 10, 0, 1, 0, 0 } },
  { "pm",      { 1e-2, 0, 1, 0, 0 } },          { "m",        { 1e10, 0, 1, 0, 0 } },         { "N",         { 1e-10 * JOULE, 1, -1, 0, 0 } },
  { "nN",      { 1e-19 * JOULE, 1, -1, 0, 0 } }, { "Pa",      { 1e-30 * JOULE, 1, -3, 0, 0 } }, { "kPa",     { 1e-27 * JOULE, 1, -3, 0, 0 } },
  { "MPa",     { 1e-24 * JOULE, 1, -3, 0, 0 } }, { "GPa",     { 1e-21 * JOULE, 1, -3, 0, 0 } }, { "bar",     { 1e-25 * JOULE, 1, -3, 0, 0 } },
  { "kbar",    { 1e-22 * JOULE, 1, -3, 0, 0 } }, { "kB",      { 1e-22 * JOULE, 1, -3, 0, 0 } }, { "atm",     { 1.01325e-25 * JOULE, 1, -3, 0, 0 } },
  { "e",       { 1, 0, 0, 1, 0 } },             { "D",        { DEBYE, 0, 1, 1, 0 } },        { "Debye",     { DEBYE, 0, 1, 1, 0 } },
  { "debye",   { DEBYE, 0, 1, 1, 0 } },         { "fs",       { 1, 0, 0, 0, 1 } },            { "ps",        { 1e3, 0, 0, 0, 1 } },
};

static gboolean
find (const char *name, gsize length, EqsUnit *unit)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (strlen (known[i].name) == length && memcmp (known[i].name, name, length) == 0)
      {
        *unit = known[i].unit;
        return TRUE;
      }
  return FALSE;
}

/* "^3", "^-1", "³", "**2" after a name; 1 where there is none, 0 for what cannot be read. */
static int
read_exponent (const char **at)
{
  static const struct { const char *text; int value; } raised[] = { { "⁻¹", -1 }, { "⁻²", -2 }, { "⁻³", -3 }, { "²", 2 }, { "³", 3 } };
  char *end;
  gint64 value;

  for (gsize i = 0; i < G_N_ELEMENTS (raised); i++)
    if (g_str_has_prefix (*at, raised[i].text))
      {
        *at += strlen (raised[i].text);
        return raised[i].value;
      }
  if (!g_str_has_prefix (*at, "^") && !g_str_has_prefix (*at, "**"))
    return 1;
  *at += **at == '^' ? 1 : 2;
  value = g_ascii_strtoll (*at, &end, 10);
  if (end == *at || value < -4 || value > 4)
    return 0;
  *at = end;
  return (int) value;
}

static gboolean
is_end_of_name (const char *p)
{
  return strchr ("^*/ ()", *p) != NULL || g_str_has_prefix (p, "·") || g_str_has_prefix (p, "²") || g_str_has_prefix (p, "³") || g_str_has_prefix (p, "⁻");
}

gboolean
eqs_unit_parse (const char *text, EqsUnit *unit)
{
  EqsUnit     all = { 1, 0, 0, 0, 0 };
  gboolean    any = FALSE, open = FALSE;      /* open: a sign waits for its unit */
  const char *p = text;

  for (int sign = 1; *p != '\0';)
    {
      const char *start = p;
      EqsUnit     one;
      int         power;

      if (*p == '/' || *p == '*' || *p == ' ' || g_str_has_prefix (p, "·"))
        {
          if (*p != ' ' && (open || !any))
            return FALSE;
          open = open || *p != ' ';
          sign = *p == '/' ? -1 : sign;
          p += g_str_has_prefix (p, "·") ? strlen ("·") : 1;
          continue;
        }
      for (; *p != '\0' && !is_end_of_name (p); p++)
        ;
      if (!find (start, (gsize) (p - start), &one))
        return FALSE;
      power = read_exponent (&p);
      if (power == 0)
        return FALSE;
      power *= sign;
      all.factor *= pow (one.factor, power);
      all.energy += power * one.energy;
      all.length += power * one.length;
      all.charge += power * one.charge;
      all.time += power * one.time;
      any = TRUE;
      open = FALSE;
      sign = 1;
    }
  if (!any || open || !isfinite (all.factor) || !(all.factor > 0))
    return FALSE;
  *unit = all;
  return TRUE;
}

const char *
eqs_unit_inside (const EqsUnit *unit)
{
  if (unit->charge != 0 || unit->time != 0)
    return NULL;
  if (unit->energy == 1)
    return unit->length == 0 ? "eV" : unit->length == -1 ? "eV/Å" : unit->length == -3 ? "eV/Å³" : NULL;
  return unit->energy == 0 && unit->length == 1 ? "Å" : NULL;
}

gboolean
eqs_unit_is_alike (const EqsUnit *a, const EqsUnit *b)
{
  return a->energy == b->energy && a->length == b->length && a->charge == b->charge && a->time == b->time;
}

const char *
eqs_unit_convert (const char *text, double *factor)
{
  EqsUnit     unit;
  const char *inside = text != NULL && eqs_unit_parse (text, &unit) ? eqs_unit_inside (&unit) : NULL;

  *factor = 1;
  if (inside == NULL || fabs (unit.factor - 1) < 1e-15)
    return inside != NULL ? inside : text;
  *factor = unit.factor;
  return inside;
}

const char *
eqs_unit_of_quantity (const char *name)
{
  static const struct { const char *name, *unit; } quantities[] = {
    { "positions", "Å" }, { "cell", "Å" }, { "energy", "eV" }, { "forces", "eV/Å" }, { "stress", "eV/Å³" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (quantities); i++)
    if (strcmp (quantities[i].name, name) == 0)
      return quantities[i].unit;
  return NULL;
}

const char *const *
eqs_unit_choices (const char *name)
{
  static const char *const none[] = { NULL }, *const energies[] = { "eV", "kcal/mol", "kJ/mol", "Hartree", NULL }, *const lengths[] = { "Å", "bohr", "nm", NULL };
  static const char *const forces[] = { "eV/Å", "kcal/mol/Å", "Hartree/bohr", NULL }, *const stresses[] = { "eV/Å³", "GPa", "kbar", NULL };
  static const char *const dipoles[] = { "D", "e·Å", "e·bohr", NULL };
  const char *inside = eqs_unit_of_quantity (name);

  if (inside == NULL)
    return strcmp (name, "dipole") == 0 ? dipoles : none;
  return strcmp (inside, "eV") == 0 ? energies : strcmp (inside, "Å") == 0 ? lengths : strcmp (inside, "eV/Å") == 0 ? forces : stresses;
}
