// Nothing is called by name: the library is preloaded, and the environment says what it does. See FaultInjection.c.
#pragma once
