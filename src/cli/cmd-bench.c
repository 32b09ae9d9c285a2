/* equi bench: fixed workloads against the peak of this machine. */

#include "cli/commands.h"
#include "cli/run.h"

#include "core/simd.h"
#include "services/bench.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>

static EqsMap *
result_map (const EqsBenchResult *r)
{
  EqsMap *map = eqs_map_new ();

  eqs_cli_set_number (map, "median_s", r->median_s);
  eqs_cli_set_number (map, "min_s", r->min_s);
  eqs_cli_set_number (map, "wall_s", r->wall_s);
  eqs_cli_set_number (map, "first_s", r->first_s);
  eqs_cli_set_number (map, "runs", r->runs);
  eqs_cli_set_number (map, "gflops", r->gflops);
  eqs_cli_set_number (map, "percent_of_peak", r->percent_of_peak);
  if (!isnan (r->gbytes_per_s))
    eqs_cli_set_number (map, "gbytes_per_s", r->gbytes_per_s);
  return map;
}

static void
print_row (const EqsBenchResult *r)
{
  printf ("%-22s %11.3f ms %11.3f ms", r->name, 1e3 * r->median_s, 1e3 * r->min_s);
  if (!isnan (r->gflops))
    printf (" %9.1f GF/s %6.0f %%", r->gflops, r->percent_of_peak);
  if (!isnan (r->gbytes_per_s))
    printf (" %9.1f GB/s", r->gbytes_per_s);
  putchar ('\n');
  fflush (stdout);
}

static int
run_all (const char *const *names, gboolean all, int threads, gboolean json)
{
  const double peak = eqs_bench_peak (threads);
  EqsMap      *map = eqs_map_new ();
  gboolean     above = FALSE;

  if (!json)
    printf (_("%s kernels, %d threads, peak %.1f GF/s; %s seconds\n%-22s %14s %14s %14s %8s\n"), eqk_simd_name (), threads, peak,
            threads == 1 ? _("processor") : _("wall"), _("work"), _("median"), _("least"), _("speed"), _("of peak"));
  for (; *names != NULL; names++)
    {
      EqsBenchResult result;
      GError        *error = NULL;

      if (all && !eqs_bench_is_available (*names))
        continue;
      if (!eqs_bench_run (*names, threads, peak, &result, &error))
        {
          eqs_map_unref (map);
          return eqs_cli_fail_error (error);
        }
      if (json)
        eqs_cli_set_map (map, *names, result_map (&result));
      else
        print_row (&result);
      above = above || result.percent_of_peak > 100;      /* NaN: no */
    }
  if (above && !json)
    printf ("%s", _("Above the peak: speeds count the operations of the direct algorithm, and Winograd's needs fewer.\n"));
  if (json)
    eqs_cli_print_json (map);
  else
    eqs_map_unref (map);
  return EQS_EXIT_OK;
}

int
eqs_cmd_bench (int argc, char **argv)
{
  g_autofree char *threads_text = NULL;
  gboolean         json = FALSE;
  gint64           threads = 1;
  int              status;
  const GOptionEntry entries[] = {
    { "threads", 0, 0, G_OPTION_ARG_STRING, &threads_text, N_("Threads, 1 to 256 (default: 1). With one, seconds are the processor's; otherwise they are wall time"), "T" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };

  if (!eqs_cli_parse (entries, "bench", "[NAME…] [OPTION…]",
                      _("Measures fixed workloads. GF/s count the operations of the direct algorithm whatever the kernels do, so that they can stand\n"
                        "above the peak; the peak is measured in the same run. To compare with another program, run it on the same work beside\n"
                        "this one, both with one thread (OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1), and compare processor seconds."),
                      &argc, &argv, 0, -1, &status))
    return status;
  if (!eqs_cli_read_whole ("threads", threads_text, 1, 256, &threads))
    return EQS_EXIT_USAGE;
  for (int i = 1; i < argc; i++)
    if (!eqs_bench_exists (argv[i]))
      {
        g_autofree char *names = g_strjoinv (", ", (char **) eqs_bench_names ());

        return eqs_cli_fail (EQS_EXIT_USAGE, _("there is no workload “%s”; there are: %s."), argv[i], names);
      }
  return argc > 1 ? run_all ((const char *const *) argv + 1, FALSE, (int) threads, json) : run_all (eqs_bench_names (), TRUE, (int) threads, json);
}
