#!/bin/sh
# aria2 runs this when a download is complete; the line reaches whoever reads aria2's output.
echo DONE
