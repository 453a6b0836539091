#ifndef CCONSOLE_H
#define CCONSOLE_H

#include <stddef.h>

/// Source of the console, as it was when the library was compiled.
struct lig_console_source {
  const unsigned char *bytes;
  size_t count;
};

/// The page, with a place for the style and one for the script.
struct lig_console_source lig_console_page(void);
/// The style sheet.
struct lig_console_source lig_console_style(void);
/// The pieces of the script, joined; all share one scope.
struct lig_console_source lig_console_script(void);

#endif
