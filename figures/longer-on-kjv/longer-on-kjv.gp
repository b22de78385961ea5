# longer-on-kjv: inconclusive, DLM, 1000 epochs' final accuracy − AR, dropout 0.2's best: −2.3 points
# The data come first; `gnuplot` on this file, in its directory, draws the SVG and the PNG again.
# `marks`, `rows`, `lift` and `reach` even out how the two terminals size points and place legends and tics.
reset session
set encoding utf8

# cloze, AR, dropout 0.2: band (x, low, high)
$panel1_series1_band << e
1.008669497 0.2498466345 0.2861533655
2.773841118 0.2578368602 0.2791631398
7.615412817 0.3245064663 0.3854935337
21.0306984 0.4421022127 0.5318977873
57.96062156 0.4639605479 0.5490394521
160 0.4577788594 0.5422211406
180.0346829 0.4702161998 0.5407838002
200 0.4709078866 0.5410921134
e
# cloze, AR, dropout 0.2: dots (x, y)
$panel1_series1_dots << e
1.007874016 0.2875
2.771653543 0.26
7.622047244 0.385
21.03937008 0.5425
57.95275591 0.54
160 0.5175
180.0314961 0.525
200 0.5325
1.007874016 0.2725
2.771653543 0.28
7.622047244 0.3775
21.03937008 0.4775
57.95275591 0.54
160 0.5475
180.0314961 0.5425
200 0.5375
1.007874016 0.2575
2.771653543 0.265
7.622047244 0.33
21.03937008 0.4425
57.95275591 0.46
160 0.4575
180.0314961 0.47
200 0.4775
1.011857708 0.25
2.782608696 0.275
7.588932806 0.34
20.99604743 0.48
57.99209486 0.5025
160 0.4875
180.0474308 0.495
200 0.5025
1.007874016 0.2725
2.771653543 0.2625
7.622047244 0.3425
21.03937008 0.4925
57.95275591 0.49
160 0.49
180.0314961 0.495
200 0.48
e
# cloze, AR, dropout 0.2: line (x, y)
$panel1_series1_line << e
1.008669497 0.268
2.773841118 0.2685
7.615412817 0.355
21.0306984 0.487
57.96062156 0.5065
160 0.5003209307
180.0346829 0.5041852569
200 0.5064103312
e
# cloze, DLM, 1000 epochs: band (x, low, high)
$panel1_series2_band << e
1.008669497 0.2365580581 0.2604419419
3.782510615 0.2288562798 0.2591437202
14.48699367 0.2494028734 0.2545971266
55.18677796 0.2886467514 0.3633532486
210.1434253 0.3879061535 0.5050938465
800 0.4246204856 0.5243795144
900.034683 0.438614434 0.508385566
1000 0.4362104345 0.5237895655
e
# cloze, DLM, 1000 epochs: dots (x, y)
$panel1_series2_dots << e
1.007874016 0.24
3.779527559 0.2525
14.48818898 0.2525
55.18110236 0.365
210.1417323 0.4775
800 0.515
900.0314961 0.4875
1000 0.5
1.007874016 0.265
3.779527559 0.2575
14.48818898 0.2525
55.18110236 0.2875
210.1417323 0.5025
800 0.495
900.0314961 0.505
1000 0.5125
1.007874016 0.245
3.779527559 0.2475
14.48818898 0.25
55.18110236 0.3075
210.1417323 0.3825
800 0.43
900.0314961 0.445
1000 0.4325
1.011857708 0.2475
3.794466403 0.23
14.48221344 0.25
55.20948617 0.3275
210.1501976 0.45
800 0.4325
900.0474308 0.4425
1000 0.4525
1.007874016 0.245
3.779527559 0.2325
14.48818898 0.255
55.18110236 0.3425
210.1417323 0.42
800 0.5
900.0314961 0.4875
1000 0.5025
e
# cloze, DLM, 1000 epochs: line (x, y)
$panel1_series2_line << e
1.008669497 0.2485
3.782510615 0.244
14.48699367 0.252
55.18677796 0.326
210.1434253 0.4465
800 0.4739600982
900.034683 0.4757050109
1000 0.4793137706
e
# validation loss, AR, dropout 0.2: band (x, low, high)
$panel2_series1_band << e
1.008669497 6.181938735 6.19550794
2.773841118 5.592045012 5.629023234
7.615412817 4.478627376 4.583682277
21.0306984 4.049574151 4.252512483
57.96062156 4.27107161 4.536978133
160 4.491702611 4.884217243
180.0346829 4.510332767 4.92880167
200 4.545927757 4.96813169
e
# validation loss, AR, dropout 0.2: dots (x, y)
$panel2_series1_dots << e
1.007874016 6.189218404
2.771653543 5.631755214
7.622047244 4.516715311
21.03937008 4.106250242
57.95275591 4.345606983
160 4.611239677
180.0314961 4.644419121
200 4.680924621
1.007874016 6.191472103
2.771653543 5.616612918
7.622047244 4.485045788
21.03937008 4.028790368
57.95275591 4.25542191
160 4.48256067
180.0314961 4.50583818
200 4.544562339
1.007874016 6.180176741
2.771653543 5.603165607
7.622047244 4.579169778
21.03937008 4.192487663
57.95275591 4.473401698
160 4.815375559
180.0314961 4.861947847
200 4.886871242
1.011857708 6.19487627
2.782608696 5.609133124
7.588932806 4.502493015
20.99604743 4.22265063
57.99209486 4.527983492
160 4.874067365
180.0474308 4.917823628
200 4.969116628
1.007874016 6.187873172
2.771653543 5.592003754
7.622047244 4.572350239
21.03937008 4.205037683
57.95275591 4.417710273
160 4.656556364
180.0314961 4.667807315
200 4.703673789
e
# validation loss, AR, dropout 0.2: line (x, y)
$panel2_series1_line << e
1.008669497 6.188723338
2.773841118 5.610534123
7.615412817 4.531154826
21.0306984 4.151043317
57.96062156 4.404024871
160 4.687283019
180.0346829 4.722340278
200 4.756164252
e
# validation loss, DLM, 1000 epochs: band (x, low, high)
$panel2_series2_band << e
1.008669497 6.203775306 6.230949939
3.782510615 5.947094299 5.977229386
14.48699367 5.241287743 5.267532993
55.18677796 5.050644219 5.183283441
210.1434253 4.505045001 4.632508454
800 4.519213239 4.739595414
900.034683 4.560464622 4.750278133
1000 4.59528044 4.8073571
e
# validation loss, DLM, 1000 epochs: dots (x, y)
$panel2_series2_dots << e
1.007874016 6.220434097
3.779527559 5.964441357
14.48818898 5.249380424
55.18110236 5.140649597
210.1417323 4.538744911
800 4.637494498
900.0314961 4.639070106
1000 4.681628644
1.007874016 6.218375191
3.779527559 5.961756077
14.48818898 5.249286709
55.18110236 5.132193535
210.1417323 4.497323117
800 4.481381373
900.0314961 4.52973315
1000 4.569068009
1.007874016 6.233057909
3.779527559 5.979613728
14.48818898 5.271641372
55.18110236 5.185165934
210.1417323 4.594818587
800 4.718587962
900.0314961 4.707904727
1000 4.793342364
1.011857708 6.203828113
3.794466403 5.945703444
14.48221344 5.244818776
55.20948617 5.052687235
210.1501976 4.584064741
800 4.666711551
900.0474308 4.716839612
1000 4.75398662
1.007874016 6.211117802
3.779527559 5.959294608
14.48818898 5.256924558
55.18110236 5.074122851
210.1417323 4.628932282
800 4.642846248
900.0314961 4.683309294
1000 4.708568211
e
# validation loss, DLM, 1000 epochs: line (x, y)
$panel2_series2_line << e
1.008669497 6.217362623
3.782510615 5.962161843
14.48699367 5.254410368
55.18677796 5.11696383
210.1434253 4.568776727
800 4.627744209
900.034683 4.662151455
1000 4.699208718
e

do for [format in "svg png"] {
  if (format eq "svg") {
    marks = 0.5; rows = 0.94; lift = 0.34; reach = 0.4
    set terminal svg enhanced size 1160,728 fixed font "sans-serif,20" background "#ffffff"
    set output "./longer-on-kjv.svg"
  } else {
    marks = 1; rows = 1.15; lift = 0; reach = 0
    set terminal pngcairo enhanced size 1160,728 fontscale 0.75 font "sans-serif,20" background "#ffffff"
    set output "./longer-on-kjv.png"
  }
  set multiplot
  set border 3 lw 1.2 lc rgb "#444444"
  set tics nomirror out scale 0.6 textcolor rgb "#222222" font ",18"
  set grid xtics ytics back lt 1 dt 1 lw 1 lc rgb "#e4e4e4"
  set style fill solid noborder
  set label "{/:Bold longer-on-kjv: inconclusive, DLM, 1000 epochs' final}" at screen 0.5, screen 0.96154 center font ",26" textcolor rgb "#111111"
  set label "{/:Bold accuracy − AR, dropout 0.2's best: −2.3 points}" at screen 0.5, screen 0.91209 center font ",26" textcolor rgb "#111111"
  set label "with five times the epochs the DLM passes AR with dropout on the King James Bible" at screen 0.5, screen 0.86813 center font ",19" textcolor rgb "#666666"
  set label "Inconclusive. DLM, 1000 epochs' final accuracy − AR, dropout 0.2's best: −2.3 points [−5.7, +1.1]; at this" at screen 0.02069, screen 0.19231 left font ",19" textcolor rgb "#333333"
  set label "scale (12 000 unique tokens of the corpus kjv, 5 seeds)" at screen 0.02069, screen 0.15385 left font ",19" textcolor rgb "#333333"
  set label "dots: checkpoints of all seeds; lines: smoothed means; bands: 95 % intervals over seeds; 2.1 parameters" at screen 0.02069, screen 0.11538 left font ",19" textcolor rgb "#333333"
  set label "per unique token (the paper's 1B on 1B: 1), 96 training tokens per parameter (the paper: 96), AR's" at screen 0.02069, screen 0.07692 left font ",19" textcolor rgb "#333333"
  set label "validation loss rises by 15 % (the paper: 31 %); preset ci" at screen 0.02069, screen 0.03846 left font ",19" textcolor rgb "#333333"

  # panel 1: cloze
  set lmargin at screen 0.08748
  set rmargin at screen 0.47759
  set tmargin at screen 0.78571
  set bmargin at screen 0.31868
  set logscale x
  set xrange [0.8194235403:1229.979328]
  set xtics ("" 0.9 1, "1" 1, "" 2 1, "3" 3, "" 4 1, "" 5 1, "" 6 1, "" 7 1, "" 8 1, "" 9 1, "10" 10, "" 20 1, "30" 30, "" 40 1, "" 50 1, "" 60 1, "" 70 1, "" 80 1, "" 90 1, "100" 100, "" 200 1, "300" 300, "" 400 1, "" 500 1, "" 600 1, "" 700 1, "" 800 1, "" 900 1, "1000" 1000) offset 0,lift
  set yrange [0.2192507847:0.6434934879]
  set ytics ("30%%" 0.3, "40%%" 0.4, "50%%" 0.5, "60%%" 0.6) offset reach,0
  set label "{/:Bold cloze}" at screen 0.28253, screen 0.81593 center font ",20" textcolor rgb "#222222"
  set label "epochs" at screen 0.28253, screen 0.24451 center font ",20" textcolor rgb "#222222"
  set label "accuracy" at screen 0.02241, screen 0.55220 rotate by 90 center font ",20" textcolor rgb "#222222"
  set key inside top left vertical maxrows auto notitle Left reverse samplen 1.6 spacing rows width 0 font ",19" textcolor rgb "#222222"
  set arrow from graph 0, first 0.25 to graph 1, first 0.25 nohead back lw 1.6 dt (12,7) lc rgb "#555555"
  set label "chance" at graph 0.8370, first 0.25 left offset 0,0.55 front font ",18" textcolor rgb "#555555"
  plot $panel1_series1_band using 1:2:3 with filledcurves lc rgb "#d1009e73" notitle, \
    $panel1_series2_band using 1:2:3 with filledcurves lc rgb "#d1e69f00" notitle, \
    $panel1_series1_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9e009e73" notitle, \
    $panel1_series2_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9ee69f00" notitle, \
    $panel1_series1_line using 1:2 with lines lw 2.6 lc rgb "#009e73" notitle, \
    $panel1_series2_line using 1:2 with lines lw 2.6 lc rgb "#e69f00" notitle, \
    keyentry with linespoints lw 2.6 pt 7 ps 0.8*marks lc rgb "#009e73" title "AR, dropout 0.2", \
    keyentry with linespoints lw 2.6 pt 7 ps 0.8*marks lc rgb "#e69f00" title "DLM, 1000 epochs"
  unset label
  unset arrow
  unset logscale x

  # panel 2: validation loss
  set lmargin at screen 0.58748
  set rmargin at screen 0.97759
  set tmargin at screen 0.78571
  set bmargin at screen 0.31868
  set logscale x
  set xrange [0.8194235403:1229.979328]
  set xtics ("" 0.9 1, "1" 1, "" 2 1, "3" 3, "" 4 1, "" 5 1, "" 6 1, "" 7 1, "" 8 1, "" 9 1, "10" 10, "" 20 1, "30" 30, "" 40 1, "" 50 1, "" 60 1, "" 70 1, "" 80 1, "" 90 1, "100" 100, "" 200 1, "300" 300, "" 400 1, "" 500 1, "" 600 1, "" 700 1, "" 800 1, "" 900 1, "1000" 1000) offset 0,lift
  set yrange [3.962662342:6.299185936]
  set ytics ("4.0" 4, "4.5" 4.5, "5.0" 5, "5.5" 5.5, "6.0" 6) offset reach,0
  set label "{/:Bold validation loss}" at screen 0.78253, screen 0.81593 center font ",20" textcolor rgb "#222222"
  set label "epochs" at screen 0.78253, screen 0.24451 center font ",20" textcolor rgb "#222222"
  set label "cross-entropy (nats per token)" at screen 0.52241, screen 0.55220 rotate by 90 center font ",20" textcolor rgb "#222222"
  set key inside top right vertical maxrows auto notitle Left reverse samplen 1.6 spacing rows width 0 font ",19" textcolor rgb "#222222"
  plot $panel2_series1_band using 1:2:3 with filledcurves lc rgb "#d1009e73" notitle, \
    $panel2_series2_band using 1:2:3 with filledcurves lc rgb "#d1e69f00" notitle, \
    $panel2_series1_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9e009e73" notitle, \
    $panel2_series2_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9ee69f00" notitle, \
    $panel2_series1_line using 1:2 with lines lw 2.6 lc rgb "#009e73" notitle, \
    $panel2_series2_line using 1:2 with lines lw 2.6 lc rgb "#e69f00" notitle, \
    keyentry with linespoints lw 2.6 pt 7 ps 0.8*marks lc rgb "#009e73" title "AR, dropout 0.2", \
    keyentry with linespoints lw 2.6 pt 7 ps 0.8*marks lc rgb "#e69f00" title "DLM, 1000 epochs"
  unset label
  unset arrow
  unset logscale x
  unset multiplot
  set output
}
