# natural-text: fails, kjv, parameter-noise: DLM ends 5.0 points below AR's best with dropout 0.2
# The data come first; `gnuplot` on this file, in its directory, draws the SVG and the PNG again.
# `marks`, `rows`, `lift` and `reach` even out how the two terminals size points and place legends and tics.
reset session
set encoding utf8

# King James Bible: cloze, AR: band (x, low, high)
$panel1_series1_band << e
1.008669497 0.2536333414 0.2883666586
2.773841118 0.2660652195 0.2869347805
7.615412817 0.3316338525 0.4033661475
21.0306984 0.3881855114 0.4998144886
57.96062156 0.3560853401 0.4389146599
160 0.3313626566 0.4286373434
180.0346829 0.3263331999 0.4216668001
200 0.3309710361 0.4130289639
e
# King James Bible: cloze, AR: dots (x, y)
$panel1_series1_dots << e
1.007874016 0.275
2.771653543 0.29
7.622047244 0.415
21.03937008 0.505
57.95275591 0.435
160 0.4175
180.0314961 0.4075
200 0.405
1.007874016 0.2925
2.771653543 0.2775
7.622047244 0.3675
21.03937008 0.46
57.95275591 0.425
160 0.33
180.0314961 0.34
200 0.3275
1.007874016 0.255
2.771653543 0.275
7.622047244 0.3375
21.03937008 0.4075
57.95275591 0.3625
160 0.355
180.0314961 0.3325
200 0.35
1.011857708 0.2675
2.782608696 0.2725
7.588932806 0.355
20.99604743 0.455
57.99209486 0.4
160 0.42
180.0474308 0.4175
200 0.4
1.007874016 0.265
2.771653543 0.2675
7.622047244 0.3625
21.03937008 0.3925
57.95275591 0.365
160 0.3775
180.0314961 0.3725
200 0.3775
e
# King James Bible: cloze, AR: line (x, y)
$panel1_series1_line << e
1.008669497 0.271
2.773841118 0.2765
7.615412817 0.3675
21.0306984 0.444
57.96062156 0.3975
160 0.3797559167
180.0346829 0.3749999258
200 0.3716879233
e
# King James Bible: cloze, DLM: band (x, low, high)
$panel1_series2_band << e
1.008669497 0.2291737047 0.2578262953
2.773841118 0.2412703415 0.2547296585
7.615412817 0.2462235549 0.2517764451
21.0306984 0.2573628772 0.2846371228
57.96062156 0.2990499037 0.3559500963
160 0.3825688395 0.4734311605
180.0346829 0.437075258 0.476924742
200 0.430416234 0.476583766
e
# King James Bible: cloze, DLM: dots (x, y)
$panel1_series2_dots << e
1.007874016 0.2425
2.771653543 0.24
7.622047244 0.2475
21.03937008 0.255
57.95275591 0.32
160 0.47
180.0314961 0.4575
200 0.4675
1.007874016 0.2525
2.771653543 0.255
7.622047244 0.2525
21.03937008 0.28
57.95275591 0.31
160 0.4275
180.0314961 0.4575
200 0.4525
1.007874016 0.235
2.771653543 0.2475
7.622047244 0.25
21.03937008 0.27
57.95275591 0.31
160 0.4025
180.0314961 0.44
200 0.425
1.011857708 0.2575
2.782608696 0.2475
7.588932806 0.2475
20.99604743 0.2825
57.99209486 0.3325
160 0.3825
180.0474308 0.4475
200 0.45
1.007874016 0.23
2.771653543 0.25
7.622047244 0.2475
21.03937008 0.2675
57.95275591 0.365
160 0.4575
180.0314961 0.4825
200 0.4725
e
# King James Bible: cloze, DLM: line (x, y)
$panel1_series2_line << e
1.008669497 0.2435
2.773841118 0.248
7.615412817 0.249
21.0306984 0.271
57.96062156 0.3275
160 0.4301394638
180.0346829 0.4482353485
200 0.4562354467
e
# King James Bible: cloze, AR with input masking: band (x, low, high)
$panel1_series3_band << e
1.008669497 0.251853687 0.266146313
2.773841118 0.2549471098 0.2660528902
7.615412817 0.3017840375 0.3682159625
21.0306984 0.434175012 0.524824988
57.96062156 0.4351225036 0.5228774964
160 0.4131818283 0.5088181717
180.0346829 0.4292042089 0.5067957911
200 0.4335064185 0.4774935815
e
# King James Bible: cloze, AR with input masking: line (x, y)
$panel1_series3_line << e
1.008669497 0.259
2.773841118 0.2605
7.615412817 0.335
21.0306984 0.4795
57.96062156 0.479
160 0.4623659763
180.0346829 0.4624040624
200 0.4572464915
e
# King James Bible: cloze, AR with dropout: band (x, low, high)
$panel1_series4_band << e
1.008669497 0.2498466345 0.2861533655
2.773841118 0.2578368602 0.2791631398
7.615412817 0.3245064663 0.3854935337
21.0306984 0.4421022127 0.5318977873
57.96062156 0.4639605479 0.5490394521
160 0.4577788594 0.5422211406
180.0346829 0.4702161998 0.5407838002
200 0.4709078866 0.5410921134
e
# King James Bible: cloze, AR with dropout: line (x, y)
$panel1_series4_line << e
1.008669497 0.268
2.773841118 0.2685
7.615412817 0.355
21.0306984 0.487
57.96062156 0.5065
160 0.5003209307
180.0346829 0.5041852569
200 0.5064103312
e
# King James Bible: cloze, AR, tuned: band (x, low, high)
$panel1_series5_band << e
1.008669497 0.2498466345 0.2861533655
2.773841118 0.2578368602 0.2791631398
7.615412817 0.3245064663 0.3854935337
21.0306984 0.4421022127 0.5318977873
57.96062156 0.4639605479 0.5490394521
160 0.4577788594 0.5422211406
180.0346829 0.4702161998 0.5407838002
200 0.4709078866 0.5410921134
e
# King James Bible: cloze, AR, tuned: line (x, y)
$panel1_series5_line << e
1.008669497 0.268
2.773841118 0.2685
7.615412817 0.355
21.0306984 0.487
57.96062156 0.5065
160 0.5003209307
180.0346829 0.5041852569
200 0.5064103312
e
# King James Bible: validation loss, AR: band (x, low, high)
$panel2_series1_band << e
1.008669497 6.172636337 6.189134867
2.773841118 5.576665253 5.609521212
7.615412817 4.448590757 4.557645419
21.0306984 4.656987 4.84978075
57.96062156 7.745597291 8.068539847
160 11.7597224 12.15978768
180.0346829 12.34158447 12.7299067
200 12.6149162 13.15812596
e
# King James Bible: validation loss, AR: dots (x, y)
$panel2_series1_dots << e
1.007874016 6.180790288
2.771653543 5.612217414
7.622047244 4.47849467
21.03937008 4.726165799
57.95275591 7.807853083
160 12.01997018
180.0314961 12.58566179
200 13.08517885
1.007874016 6.185127189
2.771653543 5.59367572
7.622047244 4.45857713
21.03937008 4.634602413
57.95275591 7.729228563
160 11.71869905
180.0314961 12.37607161
200 12.6842037
1.007874016 6.170922435
2.771653543 5.587579225
7.622047244 4.5506665
21.03937008 4.805853769
57.95275591 7.986716356
160 12.00134081
180.0314961 12.53255647
200 12.87302497
1.011857708 6.188396926
2.782608696 5.596071697
7.588932806 4.477667791
20.99604743 4.767498491
57.99209486 7.992608284
160 11.90557989
180.0474308 12.41412865
200 12.65986835
1.007874016 6.179191172
2.771653543 5.575922105
7.622047244 4.55018435
21.03937008 4.832798904
57.95275591 8.018936558
160 12.15318526
180.0314961 12.77030941
200 13.13032953
e
# King James Bible: validation loss, AR: line (x, y)
$panel2_series1_line << e
1.008669497 6.180885602
2.773841118 5.593093232
7.615412817 4.503118088
21.0306984 4.753383875
57.96062156 7.907068569
160 11.97161316
180.0346829 12.48716692
200 12.90168248
e
# King James Bible: validation loss, DLM: band (x, low, high)
$panel2_series2_band << e
1.008669497 6.122315931 6.14586337
2.773841118 5.607606301 5.646360632
7.615412817 5.248272696 5.277121006
21.0306984 5.219847071 5.272525926
57.96062156 5.02082243 5.178982212
160 4.563411445 4.685025715
180.0346829 4.50169096 4.630198266
200 4.444835459 4.606601127
e
# King James Bible: validation loss, DLM: dots (x, y)
$panel2_series2_dots << e
1.007874016 6.132551523
2.771653543 5.634353607
7.622047244 5.251450611
21.03937008 5.246302533
57.95275591 5.110594479
160 4.584343606
180.0314961 4.525064304
200 4.480838587
1.007874016 6.138563247
2.771653543 5.627511208
7.622047244 5.261279976
21.03937008 5.253246303
57.95275591 5.158165083
160 4.575551831
180.0314961 4.533194034
200 4.462916109
1.007874016 6.146363816
2.771653543 5.648009224
7.622047244 5.279843862
21.03937008 5.277145269
57.95275591 5.150715699
160 4.691053881
180.0314961 4.648781556
200 4.622813473
1.011857708 6.120528797
2.782608696 5.607081236
7.588932806 5.253132282
20.99604743 5.221438405
57.99209486 5.001535205
160 4.656660383
180.0474308 4.584399069
200 4.558683077
1.007874016 6.13244087
2.771653543 5.617962058
7.622047244 5.267777523
21.03937008 5.232799983
57.95275591 5.078501139
160 4.613483198
180.0314961 4.5382841
200 4.50334022
e
# King James Bible: validation loss, DLM: line (x, y)
$panel2_series2_line << e
1.008669497 6.134089651
2.773841118 5.626983467
7.615412817 5.262696851
21.0306984 5.246186499
57.96062156 5.099902321
160 4.623364211
180.0346829 4.569444669
200 4.524625926
e
# King James Bible: validation loss, AR with input masking: band (x, low, high)
$panel2_series3_band << e
1.008669497 6.183485939 6.198398669
2.773841118 5.561292558 5.60097712
7.615412817 4.634756171 4.685376293
21.0306984 4.076340341 4.255881713
57.96062156 4.748187752 4.921989228
160 5.885718003 6.226158204
180.0346829 6.044001301 6.446024488
200 6.230467266 6.610626279
e
# King James Bible: validation loss, AR with input masking: line (x, y)
$panel2_series3_line << e
1.008669497 6.190942304
2.773841118 5.581134839
7.615412817 4.660066232
21.0306984 4.166111027
57.96062156 4.83508849
160 6.055428911
180.0346829 6.247098882
200 6.419895735
e
# King James Bible: validation loss, AR with dropout: band (x, low, high)
$panel2_series4_band << e
1.008669497 6.181938735 6.19550794
2.773841118 5.592045012 5.629023234
7.615412817 4.478627376 4.583682277
21.0306984 4.049574151 4.252512483
57.96062156 4.27107161 4.536978133
160 4.491702611 4.884217243
180.0346829 4.510332767 4.92880167
200 4.545927757 4.96813169
e
# King James Bible: validation loss, AR with dropout: line (x, y)
$panel2_series4_line << e
1.008669497 6.188723338
2.773841118 5.610534123
7.615412817 4.531154826
21.0306984 4.151043317
57.96062156 4.404024871
160 4.687283019
180.0346829 4.722340278
200 4.756164252
e
# King James Bible: validation loss, AR, tuned: band (x, low, high)
$panel2_series5_band << e
1.008669497 6.181938735 6.19550794
2.773841118 5.592045012 5.629023234
7.615412817 4.478627376 4.583682277
21.0306984 4.049574151 4.252512483
57.96062156 4.27107161 4.536978133
160 4.491702611 4.884217243
180.0346829 4.510332767 4.92880167
200 4.545927757 4.96813169
e
# King James Bible: validation loss, AR, tuned: line (x, y)
$panel2_series5_line << e
1.008669497 6.188723338
2.773841118 5.610534123
7.615412817 4.531154826
21.0306984 4.151043317
57.96062156 4.404024871
160 4.687283019
180.0346829 4.722340278
200 4.756164252
e
# WordNet's glosses: cloze, AR: band (x, low, high)
$panel3_series1_band << e
1.003924656 0.2476692331 0.2853307669
2.760792805 0.2502703415 0.2637296585
7.604687993 0.27858304 0.31241696
21.01963503 0.3091948358 0.3468051642
57.97643161 0.3024607131 0.3095392869
160 0.2800028481 0.3199971519
180.0157107 0.2828769248 0.3111230752
200 0.2911177745 0.3188822255
e
# WordNet's glosses: cloze, AR: dots (x, y)
$panel3_series1_dots << e
1.003921569 0.25
2.760784314 0.2575
7.592156863 0.315
21.01960784 0.33
57.97647059 0.3025
160 0.31
180.0156863 0.28
200 0.3225
1.003921569 0.28
2.760784314 0.25
7.592156863 0.2975
21.01960784 0.335
57.97647059 0.305
160 0.32
180.0156863 0.31
200 0.3075
1 0.275
2.75 0.2575
7.625 0.2975
21 0.33
58 0.305
160 0.285
180 0.3
200 0.3
1.007874016 0.2775
2.771653543 0.265
7.622047244 0.29
21.03937008 0.3025
57.95275591 0.3075
160 0.3025
180.0314961 0.3025
200 0.2925
1.003921569 0.25
2.760784314 0.255
7.592156863 0.2775
21.01960784 0.3425
57.97647059 0.31
160 0.2825
180.0156863 0.2925
200 0.3025
e
# WordNet's glosses: cloze, AR: line (x, y)
$panel3_series1_line << e
1.003924656 0.2665
2.760792805 0.257
7.604687993 0.2955
21.01963503 0.328
57.97643161 0.306
160 0.2992206295
180.0157107 0.3001861161
200 0.3040075449
e
# WordNet's glosses: cloze, DLM: band (x, low, high)
$panel3_series2_band << e
1.003924656 0.2365335843 0.2554664157
2.760792805 0.2454488782 0.2575511218
7.604687993 0.2445889196 0.2594110804
21.01963503 0.2483646727 0.2866353273
57.97643161 0.2799796475 0.3210203525
160 0.3089989077 0.3260010923
180.0157107 0.285995631 0.354004369
200 0.298832451 0.341167549
e
# WordNet's glosses: cloze, DLM: dots (x, y)
$panel3_series2_dots << e
1.003921569 0.24
2.760784314 0.25
7.592156863 0.245
21.01960784 0.265
57.97647059 0.2875
160 0.3125
180.0156863 0.315
200 0.34
1.003921569 0.2425
2.760784314 0.255
7.592156863 0.26
21.01960784 0.2525
57.97647059 0.28
160 0.3175
180.0156863 0.3375
200 0.3275
1 0.25
2.75 0.25
7.625 0.255
21 0.275
58 0.315
160 0.3275
180 0.3575
200 0.325
1.007874016 0.24
2.771653543 0.245
7.622047244 0.2525
21.03937008 0.255
57.95275591 0.3025
160 0.32
180.0314961 0.2925
200 0.3125
1.003921569 0.2575
2.760784314 0.2575
7.592156863 0.2475
21.01960784 0.29
57.97647059 0.3175
160 0.31
180.0156863 0.2975
200 0.295
e
# WordNet's glosses: cloze, DLM: line (x, y)
$panel3_series2_line << e
1.003924656 0.246
2.760792805 0.2515
7.604687993 0.252
21.01963503 0.2675
57.97643161 0.3005
160 0.3176629489
180.0157107 0.3193338547
200 0.3202075001
e
# WordNet's glosses: cloze, AR with input masking: band (x, low, high)
$panel3_series3_band << e
1.003924656 0.2574403743 0.2835596257
2.760792805 0.2466926484 0.2583073516
7.604687993 0.2805889196 0.2954110804
21.01963503 0.3220859138 0.3379140862
57.97643161 0.319549676 0.374450324
160 0.3238035781 0.3861964219
180.0157107 0.3046935977 0.3643064023
200 0.3087390431 0.3702609569
e
# WordNet's glosses: cloze, AR with input masking: line (x, y)
$panel3_series3_line << e
1.003924656 0.2705
2.760792805 0.2525
7.604687993 0.288
21.01963503 0.33
57.97643161 0.347
160 0.3532989243
180.0157107 0.3414541053
200 0.3373338401
e
# WordNet's glosses: cloze, AR with dropout: band (x, low, high)
$panel3_series4_band << e
1.003924656 0.2513412638 0.2806587362
2.760792805 0.2492997815 0.2527002185
7.604687993 0.27568752 0.29431248
21.01963503 0.3172429331 0.3707570669
57.97643161 0.326031541 0.391968459
160 0.3340418039 0.3799581961
180.0157107 0.3370386002 0.3799613998
200 0.3347257543 0.3892742457
e
# WordNet's glosses: cloze, AR with dropout: line (x, y)
$panel3_series4_line << e
1.003924656 0.266
2.760792805 0.251
7.604687993 0.285
21.01963503 0.344
57.97643161 0.359
160 0.3568423429
180.0157107 0.3591445123
200 0.3617992385
e
# WordNet's glosses: cloze, AR, tuned: band (x, low, high)
$panel3_series5_band << e
1.003924656 0.2513412638 0.2806587362
2.760792805 0.2492997815 0.2527002185
7.604687993 0.27568752 0.29431248
21.01963503 0.3172429331 0.3707570669
57.97643161 0.326031541 0.391968459
160 0.3340418039 0.3799581961
180.0157107 0.3370386002 0.3799613998
200 0.3347257543 0.3892742457
e
# WordNet's glosses: cloze, AR, tuned: line (x, y)
$panel3_series5_line << e
1.003924656 0.266
2.760792805 0.251
7.604687993 0.285
21.01963503 0.344
57.97643161 0.359
160 0.3568423429
180.0157107 0.3591445123
200 0.3617992385
e
# WordNet's glosses: validation loss, AR: band (x, low, high)
$panel4_series1_band << e
1.003924656 6.171133952 6.198903174
2.760792805 5.575750975 5.625504564
7.604687993 4.742696754 4.855077294
21.01963503 5.132138533 5.368222541
57.97643161 8.351334713 8.898738356
160 12.94231531 13.44627157
180.0157107 13.64372283 14.05084698
200 14.09477626 14.41858878
e
# WordNet's glosses: validation loss, AR: dots (x, y)
$panel4_series1_dots << e
1.003921569 6.185616037
2.760784314 5.603008041
7.592156863 4.829031377
21.01960784 5.322798551
57.97647059 8.807448072
160 13.34985219
180.0156863 13.97162941
200 14.31378778
1.003921569 6.180700763
2.760784314 5.581929117
7.592156863 4.764271277
21.01960784 5.272982667
57.97647059 8.660749334
160 13.23179031
180.0156863 13.86010257
200 14.25614199
1 6.169100724
2.75 5.580583379
7.625 4.762833459
21 5.124971906
58 8.41177526
160 13.00592998
180 13.62991926
200 14.0767324
1.007874016 6.199018861
2.771653543 5.628489126
7.622047244 4.863667886
21.03937008 5.349446562
57.95275591 8.861685078
160 13.41958248
180.0314961 14.03129496
200 14.42963092
1.003921569 6.190656428
2.760784314 5.609129184
7.592156863 4.774631123
21.01960784 5.180702997
57.97647059 8.383524929
160 12.96431226
180.0156863 13.74347831
200 14.2071195
e
# WordNet's glosses: validation loss, AR: line (x, y)
$panel4_series1_line << e
1.003924656 6.185018563
2.760792805 5.600627769
7.604687993 4.798887024
21.01963503 5.250180537
57.97643161 8.625036535
160 13.20697771
180.0157107 13.79543081
200 14.27283474
e
# WordNet's glosses: validation loss, DLM: band (x, low, high)
$panel4_series2_band << e
1.003924656 6.123445571 6.138654122
2.760792805 5.623394642 5.642123651
7.604687993 5.307676225 5.379533007
21.01963503 5.294816159 5.393384421
57.97643161 5.309344981 5.428247636
160 5.176727566 5.377923263
180.0157107 5.158310037 5.345947023
200 5.13037053 5.327267057
e
# WordNet's glosses: validation loss, DLM: dots (x, y)
$panel4_series2_dots << e
1.003921569 6.132757486
2.760784314 5.637463686
7.592156863 5.37108317
21.01960784 5.402059122
57.97647059 5.445428203
160 5.368979743
180.0156863 5.321919592
200 5.30566465
1.003921569 6.136715784
2.760784314 5.631579051
7.592156863 5.311329673
21.01960784 5.301043233
57.97647059 5.328583094
160 5.224204255
180.0156863 5.194374029
200 5.16862098
1 6.130572596
2.75 5.629069867
7.625 5.332441867
21 5.315665432
58 5.333300314
160 5.278888056
180 5.27798104
200 5.235125829
1.007874016 6.120856313
2.771653543 5.642597876
7.622047244 5.377083177
21.03937008 5.360576894
57.95275591 5.353840537
160 5.172934798
180.0314961 5.151808511
200 5.129838013
1.003921569 6.134347053
2.760784314 5.623085251
7.592156863 5.326085192
21.01960784 5.341156767
57.97647059 5.382829394
160 5.341620219
180.0156863 5.314559478
200 5.304844495
e
# WordNet's glosses: validation loss, DLM: line (x, y)
$panel4_series2_line << e
1.003924656 6.131049847
2.760792805 5.632759146
7.604687993 5.343604616
21.01963503 5.34410029
57.97643161 5.368796308
160 5.277384214
180.0157107 5.251888155
200 5.228893669
e
# WordNet's glosses: validation loss, AR with input masking: band (x, low, high)
$panel4_series3_band << e
1.003924656 6.185018792 6.199930986
2.760792805 5.569158998 5.596809157
7.604687993 4.876004653 4.970366938
21.01963503 4.533180497 4.727680387
57.97643161 5.379979793 5.635800293
160 6.645422038 7.077581408
180.0157107 6.89461794 7.308324123
200 7.077619027 7.476492632
e
# WordNet's glosses: validation loss, AR with input masking: line (x, y)
$panel4_series3_line << e
1.003924656 6.192474889
2.760792805 5.582984077
7.604687993 4.923185795
21.01963503 4.630430442
57.97643161 5.507890043
160 6.864328814
180.0157107 7.089913703
200 7.280655865
e
# WordNet's glosses: validation loss, AR with dropout: band (x, low, high)
$panel4_series4_band << e
1.003924656 6.181355963 6.205209108
2.760792805 5.589716097 5.637428095
7.604687993 4.777348059 4.870662882
21.01963503 4.533846797 4.712810425
57.97643161 4.86821137 5.097394648
160 5.146012408 5.465076373
180.0157107 5.193600136 5.500821377
200 5.234236987 5.547200641
e
# WordNet's glosses: validation loss, AR with dropout: line (x, y)
$panel4_series4_line << e
1.003924656 6.193282536
2.760792805 5.613572096
7.604687993 4.824005471
21.01963503 4.623328611
57.97643161 4.982803009
160 5.305085011
180.0157107 5.349088726
200 5.390133838
e
# WordNet's glosses: validation loss, AR, tuned: band (x, low, high)
$panel4_series5_band << e
1.003924656 6.181355963 6.205209108
2.760792805 5.589716097 5.637428095
7.604687993 4.777348059 4.870662882
21.01963503 4.533846797 4.712810425
57.97643161 4.86821137 5.097394648
160 5.146012408 5.465076373
180.0157107 5.193600136 5.500821377
200 5.234236987 5.547200641
e
# WordNet's glosses: validation loss, AR, tuned: line (x, y)
$panel4_series5_line << e
1.003924656 6.193282536
2.760792805 5.613572096
7.604687993 4.824005471
21.01963503 4.623328611
57.97643161 4.982803009
160 5.305085011
180.0157107 5.349088726
200 5.390133838
e

do for [format in "svg png"] {
  if (format eq "svg") {
    marks = 0.5; rows = 0.94; lift = 0.34; reach = 0.4
    set terminal svg enhanced size 1160,1626 fixed font "sans-serif,20" background "#ffffff"
    set output "./natural-text.svg"
  } else {
    marks = 1; rows = 1.15; lift = 0; reach = 0
    set terminal pngcairo enhanced size 1160,1626 fontscale 0.75 font "sans-serif,20" background "#ffffff"
    set output "./natural-text.png"
  }
  set multiplot
  set border 3 lw 1.2 lc rgb "#444444"
  set tics nomirror out scale 0.6 textcolor rgb "#222222" font ",18"
  set grid xtics ytics back lt 1 dt 1 lw 1 lc rgb "#e4e4e4"
  set style fill solid noborder
  set label "{/:Bold natural-text: fails, kjv, parameter-noise: DLM}" at screen 0.5, screen 0.98278 center font ",26" textcolor rgb "#111111"
  set label "{/:Bold ends 5.0 points below AR's best with dropout 0.2}" at screen 0.5, screen 0.96064 center font ",26" textcolor rgb "#111111"
  set label "on text that nobody made for it the DLM passes AR's best, be AR plain, noisy or tuned" at screen 0.5, screen 0.94096 center font ",19" textcolor rgb "#666666"
  set label "Fails. Kjv, crossover: DLM's final accuracy − AR's best: +1.4 points [−5.3, +8.2]; kjv, crossover: seeds" at screen 0.02069, screen 0.30996 left font ",19" textcolor rgb "#333333"
  set label "in which the curves cross: 5 of 5, at epoch 103 (geometric mean); kjv, input-noise: DLM's final" at screen 0.02069, screen 0.29274 left font ",19" textcolor rgb "#333333"
  set label "accuracy − AR's best with masking 0.3: −2.7 points [−7.6, +2.3]; kjv, input-noise: AR's best with masking" at screen 0.02069, screen 0.27552 left font ",19" textcolor rgb "#333333"
  set label "0.3 − without: +4.1 points [+1.0, +7.2]; kjv, parameter-noise: DLM's final accuracy − AR's best with" at screen 0.02069, screen 0.25830 left font ",19" textcolor rgb "#333333"
  set label "dropout 0.2: −5.0 points [−8.0, −1.9]; kjv, parameter-noise: AR's best with dropout 0.2 − without: +6.4" at screen 0.02069, screen 0.24108 left font ",19" textcolor rgb "#333333"
  set label "points [+2.2, +10.6]; kjv, tuned-baseline: tuned DLM's best (DLM as it is) − tuned AR's best (AR dropout" at screen 0.02069, screen 0.22386 left font ",19" textcolor rgb "#333333"
  set label "0.2): −5.5 points [−8.4, −2.5]; glosses, crossover: DLM's final accuracy − AR's best: +0.1 points" at screen 0.02069, screen 0.20664 left font ",19" textcolor rgb "#333333"
  set label "[−4.1, +4.2]; glosses, crossover: seeds in which the curves cross: 4 of 5, at epoch 120 (geometric mean);" at screen 0.02069, screen 0.18942 left font ",19" textcolor rgb "#333333"
  set label "glosses, input-noise: DLM's final accuracy − AR's best with masking 0.3: −2.1 points [−4.6, +0.4];" at screen 0.02069, screen 0.17220 left font ",19" textcolor rgb "#333333"
  set label "glosses, input-noise: AR's best with masking 0.3 − without: +2.1 points [−0.6, +4.9]; glosses," at screen 0.02069, screen 0.15498 left font ",19" textcolor rgb "#333333"
  set label "parameter-noise: DLM's final accuracy − AR's best with dropout 0.2: −3.2 points [−8.0, +1.5]; glosses," at screen 0.02069, screen 0.13776 left font ",19" textcolor rgb "#333333"
  set label "parameter-noise: AR's best with dropout 0.2 − without: +3.3 points [+1.5, +5.1]; glosses, tuned-baseline:" at screen 0.02069, screen 0.12054 left font ",19" textcolor rgb "#333333"
  set label "tuned DLM's best (DLM wd 0.3) − tuned AR's best (AR dropout 0.2): −3.9 points [−6.6, −1.2]; at this scale" at screen 0.02069, screen 0.10332 left font ",19" textcolor rgb "#333333"
  set label "(kjv: width 32, 2 layers, 12 000 unique tokens of the corpus kjv, 200 epochs; glosses: width 32, 2 layers," at screen 0.02069, screen 0.08610 left font ",19" textcolor rgb "#333333"
  set label "12 000 unique tokens of the corpus glosses, 200 epochs)" at screen 0.02069, screen 0.06888 left font ",19" textcolor rgb "#333333"
  set label "dots: checkpoints of all seeds; lines: smoothed means; bands: 95 % intervals over seeds; 2.1 parameters" at screen 0.02069, screen 0.05166 left font ",19" textcolor rgb "#333333"
  set label "per unique token (the paper's 1B on 1B: 1), 96 training tokens per parameter (the paper: 96), AR's" at screen 0.02069, screen 0.03444 left font ",19" textcolor rgb "#333333"
  set label "validation loss rises by 186 % (the paper: 31 %); preset ci" at screen 0.02069, screen 0.01722 left font ",19" textcolor rgb "#333333"

  # panel 1: King James Bible: cloze
  set lmargin at screen 0.08748
  set rmargin at screen 0.47759
  set tmargin at screen 0.90406
  set bmargin at screen 0.69496
  set logscale x
  set xrange [0.8599585847:234.4005941]
  set xtics ("" 0.9 1, "1" 1, "2" 2, "" 3 1, "" 4 1, "5" 5, "" 6 1, "" 7 1, "" 8 1, "" 9 1, "10" 10, "20" 20, "" 30 1, "" 40 1, "50" 50, "" 60 1, "" 70 1, "" 80 1, "" 90 1, "100" 100, "200" 200) offset 0,lift
  set yrange [0.2195777323:0.5586354245]
  set ytics ("25%%" 0.25, "30%%" 0.3, "35%%" 0.35, "40%%" 0.4, "45%%" 0.45, "50%%" 0.5, "55%%" 0.55) offset reach,0
  set label "{/:Bold King James Bible: cloze}" at screen 0.28253, screen 0.91759 center font ",20" textcolor rgb "#222222"
  set label "epochs" at screen 0.28253, screen 0.66175 center font ",20" textcolor rgb "#222222"
  set label "accuracy" at screen 0.02241, screen 0.79951 rotate by 90 center font ",20" textcolor rgb "#222222"
  set key at screen 0.02069, screen 0.36162 left top vertical maxrows 2 notitle Left reverse samplen 1.6 spacing rows width 0 font ",19" textcolor rgb "#222222"
  set arrow from graph 0, first 0.25 to graph 1, first 0.25 nohead back lw 1.6 dt (12,7) lc rgb "#555555"
  set label "chance" at graph 0.8370, first 0.25 left offset 0,0.55 front font ",18" textcolor rgb "#555555"
  plot $panel1_series1_band using 1:2:3 with filledcurves lc rgb "#d11f77b4" notitle, \
    $panel1_series2_band using 1:2:3 with filledcurves lc rgb "#d1d62728" notitle, \
    $panel1_series3_band using 1:2:3 with filledcurves lc rgb "#d1009e73" notitle, \
    $panel1_series4_band using 1:2:3 with filledcurves lc rgb "#d1e69f00" notitle, \
    $panel1_series5_band using 1:2:3 with filledcurves lc rgb "#d19a50a0" notitle, \
    $panel1_series1_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9e1f77b4" notitle, \
    $panel1_series2_dots using 1:2 with points pt 13 ps 0.8*marks lc rgb "#9ed62728" notitle, \
    $panel1_series1_line using 1:2 with lines lw 2.6 lc rgb "#1f77b4" notitle, \
    $panel1_series2_line using 1:2 with lines lw 2.6 lc rgb "#d62728" notitle, \
    $panel1_series3_line using 1:2 with lines lw 2.6 lc rgb "#009e73" notitle, \
    $panel1_series4_line using 1:2 with lines lw 2.6 lc rgb "#e69f00" notitle, \
    $panel1_series5_line using 1:2 with lines lw 2.6 dt (14,7) lc rgb "#9a50a0" notitle, \
    keyentry with linespoints lw 2.6 pt 7 ps 0.8*marks lc rgb "#1f77b4" title "AR", \
    keyentry with linespoints lw 2.6 pt 13 ps 0.8*marks lc rgb "#d62728" title "DLM", \
    keyentry with lines lw 2.6 lc rgb "#009e73" title "AR with input masking", \
    keyentry with lines lw 2.6 lc rgb "#e69f00" title "AR with dropout", \
    keyentry with lines lw 2.6 dt (14,7) lc rgb "#9a50a0" title "AR, tuned"
  unset label
  unset arrow
  unset logscale x

  # panel 2: King James Bible: validation loss
  set lmargin at screen 0.57786
  set rmargin at screen 0.97759
  set tmargin at screen 0.90406
  set bmargin at screen 0.69496
  set logscale x
  set xrange [0.8599585847:234.4005941]
  set xtics ("" 0.9 1, "1" 1, "2" 2, "" 3 1, "" 4 1, "5" 5, "" 6 1, "" 7 1, "" 8 1, "" 9 1, "10" 10, "20" 20, "" 30 1, "" 40 1, "50" 50, "" 60 1, "" 70 1, "" 80 1, "" 90 1, "100" 100, "200" 200) offset 0,lift
  set yrange [3.776317597:13.43138252]
  set ytics ("4" 4, "6" 6, "8" 8, "10" 10, "12" 12) offset reach,0
  set label "{/:Bold King James Bible: validation loss}" at screen 0.77772, screen 0.91759 center font ",20" textcolor rgb "#222222"
  set label "epochs" at screen 0.77772, screen 0.66175 center font ",20" textcolor rgb "#222222"
  set label "cross-entropy (nats per token)" at screen 0.52241, screen 0.79951 rotate by 90 center font ",20" textcolor rgb "#222222"
  unset key
  plot $panel2_series1_band using 1:2:3 with filledcurves lc rgb "#d11f77b4" notitle, \
    $panel2_series2_band using 1:2:3 with filledcurves lc rgb "#d1d62728" notitle, \
    $panel2_series3_band using 1:2:3 with filledcurves lc rgb "#d1009e73" notitle, \
    $panel2_series4_band using 1:2:3 with filledcurves lc rgb "#d1e69f00" notitle, \
    $panel2_series5_band using 1:2:3 with filledcurves lc rgb "#d19a50a0" notitle, \
    $panel2_series1_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9e1f77b4" notitle, \
    $panel2_series2_dots using 1:2 with points pt 13 ps 0.8*marks lc rgb "#9ed62728" notitle, \
    $panel2_series1_line using 1:2 with lines lw 2.6 lc rgb "#1f77b4" notitle, \
    $panel2_series2_line using 1:2 with lines lw 2.6 lc rgb "#d62728" notitle, \
    $panel2_series3_line using 1:2 with lines lw 2.6 lc rgb "#009e73" notitle, \
    $panel2_series4_line using 1:2 with lines lw 2.6 lc rgb "#e69f00" notitle, \
    $panel2_series5_line using 1:2 with lines lw 2.6 dt (14,7) lc rgb "#9a50a0" notitle
  unset label
  unset arrow
  unset logscale x

  # panel 3: WordNet's glosses: cloze
  set lmargin at screen 0.10672
  set rmargin at screen 0.47759
  set tmargin at screen 0.61870
  set bmargin at screen 0.40959
  set logscale x
  set xrange [0.8530394185:234.4557539]
  set xtics ("" 0.9 1, "1" 1, "2" 2, "" 3 1, "" 4 1, "5" 5, "" 6 1, "" 7 1, "" 8 1, "" 9 1, "10" 10, "20" 20, "" 30 1, "" 40 1, "50" 50, "" 60 1, "" 70 1, "" 80 1, "" 90 1, "100" 100, "200" 200) offset 0,lift
  set yrange [0.2318705381:0.3966315052]
  set ytics ("25.0%%" 0.25, "27.5%%" 0.275, "30.0%%" 0.3, "32.5%%" 0.325, "35.0%%" 0.35, "37.5%%" 0.375) offset reach,0
  set label "{/:Bold WordNet's glosses: cloze}" at screen 0.29216, screen 0.63223 center font ",20" textcolor rgb "#222222"
  set label "epochs" at screen 0.29216, screen 0.37638 center font ",20" textcolor rgb "#222222"
  set label "accuracy" at screen 0.02241, screen 0.51415 rotate by 90 center font ",20" textcolor rgb "#222222"
  unset key
  set arrow from graph 0, first 0.25 to graph 1, first 0.25 nohead back lw 1.6 dt (12,7) lc rgb "#555555"
  set label "chance" at graph 0.8294, first 0.25 left offset 0,0.55 front font ",18" textcolor rgb "#555555"
  plot $panel3_series1_band using 1:2:3 with filledcurves lc rgb "#d11f77b4" notitle, \
    $panel3_series2_band using 1:2:3 with filledcurves lc rgb "#d1d62728" notitle, \
    $panel3_series3_band using 1:2:3 with filledcurves lc rgb "#d1009e73" notitle, \
    $panel3_series4_band using 1:2:3 with filledcurves lc rgb "#d1e69f00" notitle, \
    $panel3_series5_band using 1:2:3 with filledcurves lc rgb "#d19a50a0" notitle, \
    $panel3_series1_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9e1f77b4" notitle, \
    $panel3_series2_dots using 1:2 with points pt 13 ps 0.8*marks lc rgb "#9ed62728" notitle, \
    $panel3_series1_line using 1:2 with lines lw 2.6 lc rgb "#1f77b4" notitle, \
    $panel3_series2_line using 1:2 with lines lw 2.6 lc rgb "#d62728" notitle, \
    $panel3_series3_line using 1:2 with lines lw 2.6 lc rgb "#009e73" notitle, \
    $panel3_series4_line using 1:2 with lines lw 2.6 lc rgb "#e69f00" notitle, \
    $panel3_series5_line using 1:2 with lines lw 2.6 dt (14,7) lc rgb "#9a50a0" notitle
  unset label
  unset arrow
  unset logscale x

  # panel 4: WordNet's glosses: validation loss
  set lmargin at screen 0.57786
  set rmargin at screen 0.97759
  set tmargin at screen 0.61870
  set bmargin at screen 0.40959
  set logscale x
  set xrange [0.8530394185:234.4557539]
  set xtics ("" 0.9 1, "1" 1, "2" 2, "" 3 1, "" 4 1, "5" 5, "" 6 1, "" 7 1, "" 8 1, "" 9 1, "10" 10, "20" 20, "" 30 1, "" 40 1, "50" 50, "" 60 1, "" 70 1, "" 80 1, "" 90 1, "100" 100, "200" 200) offset 0,lift
  set yrange [4.236286984:14.72652443]
  set ytics ("6" 6, "8" 8, "10" 10, "12" 12, "14" 14) offset reach,0
  set label "{/:Bold WordNet's glosses: validation loss}" at screen 0.77772, screen 0.63223 center font ",20" textcolor rgb "#222222"
  set label "epochs" at screen 0.77772, screen 0.37638 center font ",20" textcolor rgb "#222222"
  set label "cross-entropy (nats per token)" at screen 0.52241, screen 0.51415 rotate by 90 center font ",20" textcolor rgb "#222222"
  unset key
  plot $panel4_series1_band using 1:2:3 with filledcurves lc rgb "#d11f77b4" notitle, \
    $panel4_series2_band using 1:2:3 with filledcurves lc rgb "#d1d62728" notitle, \
    $panel4_series3_band using 1:2:3 with filledcurves lc rgb "#d1009e73" notitle, \
    $panel4_series4_band using 1:2:3 with filledcurves lc rgb "#d1e69f00" notitle, \
    $panel4_series5_band using 1:2:3 with filledcurves lc rgb "#d19a50a0" notitle, \
    $panel4_series1_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9e1f77b4" notitle, \
    $panel4_series2_dots using 1:2 with points pt 13 ps 0.8*marks lc rgb "#9ed62728" notitle, \
    $panel4_series1_line using 1:2 with lines lw 2.6 lc rgb "#1f77b4" notitle, \
    $panel4_series2_line using 1:2 with lines lw 2.6 lc rgb "#d62728" notitle, \
    $panel4_series3_line using 1:2 with lines lw 2.6 lc rgb "#009e73" notitle, \
    $panel4_series4_line using 1:2 with lines lw 2.6 lc rgb "#e69f00" notitle, \
    $panel4_series5_line using 1:2 with lines lw 2.6 dt (14,7) lc rgb "#9a50a0" notitle
  unset label
  unset arrow
  unset logscale x
  unset multiplot
  set output
}
