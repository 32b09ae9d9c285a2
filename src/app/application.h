#pragma once

/** The application: its windows, its actions (app.*), the files it is asked to open. */

#include <adwaita.h>

G_BEGIN_DECLS

#define EQS_APPLICATION_ID "org.equistudio.Equistudio"

#define EQS_TYPE_APPLICATION (eqs_application_get_type ())
G_DECLARE_FINAL_TYPE (EqsApplication, eqs_application, EQS, APPLICATION, AdwApplication)

/** @param flags  beside those it needs: G_APPLICATION_NON_UNIQUE for tests */
EqsApplication *eqs_application_new (GApplicationFlags flags);

/** Opens a design in a window of its own, or in the active window where that shows the start page. What fails is told in that window. */
void            eqs_application_open_file (EqsApplication *self, GFile *file);

G_END_DECLS
