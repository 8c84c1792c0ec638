"""Invented people of the demo catalog, by the country whose films they make.

Each country has directors and players, separated by a semicolon in ``_PEOPLE``; a title draws its
cast from its own country and, as films do, one or two people from elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LANGUAGE_OF = {
    "Argentina": "Spanish",
    "Australia": "English",
    "Belgium": "Dutch",
    "Brazil": "Portuguese",
    "Canada": "English",
    "Chile": "Spanish",
    "China": "Mandarin",
    "Czechia": "Czech",
    "Denmark": "Danish",
    "Egypt": "Arabic",
    "Finland": "Finnish",
    "France": "French",
    "Germany": "German",
    "Greece": "Greek",
    "Hungary": "Hungarian",
    "Iceland": "Icelandic",
    "India": "Hindi",
    "Iran": "Persian",
    "Ireland": "English",
    "Italy": "Italian",
    "Japan": "Japanese",
    "Lebanon": "Arabic",
    "Malta": "Maltese",
    "Mexico": "Spanish",
    "Mongolia": "Mongolian",
    "Morocco": "Arabic",
    "Netherlands": "Dutch",
    "New Zealand": "English",
    "Nigeria": "English",
    "Norway": "Norwegian",
    "Poland": "Polish",
    "Portugal": "Portuguese",
    "Romania": "Romanian",
    "Russia": "Russian",
    "Senegal": "Wolof",
    "South Korea": "Korean",
    "Spain": "Spanish",
    "Sweden": "Swedish",
    "Turkey": "Turkish",
    "Ukraine": "Ukrainian",
    "United Kingdom": "English",
    "United States": "English",
    "Vietnam": "Vietnamese",
}
"""The language a country's films are in unless the catalog says another."""

_PEOPLE = {
    "Argentina": "Lucrecia Aldao, Martín Quiroga Sáenz; Silvia Barrenechea, Horacio Lanús, "
    "Inés Goyeneche, Tomás Iribarne, Paula Etchart, Néstor Villafañe, Abril Mondino",
    "Australia": "Gwen Tarrant, Warwick Doolan; Bree Halloran, Kirra Munro, Jack Tolhurst, "
    "Miranda Pell, Dougal Ashby, Tahlia Warrigal, Len Castleton",
    "Belgium": "Anneleen Verstraete, Didier Wautier; Lotte Claessens, Bruno Delhaye, Marijke Goossens, "
    "Sébastien Lambotte, Fien Vandamme, Odette Marchal, Joris Peeters",
    "Brazil": "Joana Figueiroa, Caetano Brandt, Walmir Nogueira; Dandara Reis, Zeca Patrocínio, "
    "Lívia Sampaio, Otávio Bittencourt, Iara Peçanha, Benedito Lage, Thaís Moreno",
    "Canada": "Geneviève Laflamme, Peter Okafor-Wright; Maëlle Bourassa, Théo Gingras, "
    "Nadine Petiquay, Simon Tremaine, Odile Charest, Ruth Makepeace, Rémi Thibodeau",
    "Chile": "Ximena Lagarrigue, Rodrigo Huenul; Antonia Pizarro Lira, Damián Cárcamo, "
    "Rayén Collao, Fernando Oyarzún, Catalina Bustos, Ignacio Marileo",
    "China": "Lin Qiaoyun, Shen Wenhai; Bai Lanfen, Gao Zhiming, Xu Ruolin, Fang Dezhong, "
    "Meng Yutong, Luo Jianbo, Tao Siyu, Ren Shufen",
    "Czechia": "Věra Holubová, Jiří Kratochvíl; Alžběta Nováčková, Otakar Šimek, Zdena Malířová, "
    "Bohumil Říha, Klára Vondrová, Matěj Pokorný, Ludmila Černá",
    "Denmark": "Ellen Krogsgaard, Mikkel Thorup; Signe Ravnholt, Asger Lindqvist, Birthe Munk, "
    "Jeppe Skovgaard, Freja Dahlerup, Poul Esbensen, Maj Kirkegaard",
    "Egypt": "Laila Mansour, Hany El-Gammal; Nahed Shawky, Karim Abdel-Aziz Fahmy, Samia Rostom, "
    "Youssef Naguib, Dina Wahba, Magdi Sorour, Amira Lotfy",
    "Finland": "Aino Kettunen, Pekka Raatikainen; Helmi Ylönen, Arvo Sinisalo, Kaisa Hakkarainen, "
    "Eero Lampinen, Tuuli Nieminen, Veikko Mäenpää, Sanni Korpela",
    "France": "Agathe Rocheteau, Bastien Courvoisier, Solange Mériadec; Colette Duvernoy, "
    "Mathieu Lescure, Inès Belkacem, Paul-Henri Vasseur, Clémence Aubry, Youssouf Traoré, "
    "Margot Delvaux, Étienne Falgout",
    "Germany": "Ulrike Stahnke, Tilman Vossberg, Ayşe Demirkan; Renate Lüders, Jochen Pahl, "
    "Friederike Böttcher, Emre Yıldırım, Hannelore Kuhn, Lukas Ostertag, Mareike Sand",
    "Greece": "Eleni Vrettakou, Yorgos Stamatiou; Stavros Kaldaris, Ismini Dragoumi, "
    "Petros Leventis, Katerina Malouta, Thanasis Xydakis, Danae Rigopoulou",
    "Hungary": "Zsófia Bánki, Tibor Halmos; Ágnes Keresztes, Gábor Szentirmai, Ilona Vadász, "
    "Péter Orbán-Nagy, Dorottya Füzesi, László Bereményi, Réka Simonyi",
    "Iceland": "Ragnheiður Sól Einarsdóttir, Þórir Hallsson; Bergþóra Jökulsdóttir, Sindri Ólafsson, "
    "Guðný Ísaksdóttir, Hallgrímur Steinn, Álfrún Kara, Kolbeinn Már",
    "India": "Ananya Krishnamurthy, Devendra Sahai, Rukmini Nambiar; Anjali Deshpande, Farhan Qureshi, "
    "Meera Chatterjee, Raghav Tiwari, Lakshmi Venkatesan, Harpreet Gill, Zoya Siddiqui, Arjun Pillai",
    "Iran": "Shirin Daneshvar, Kamran Farahani; Golnar Moazami, Behrouz Tavakoli, Niloufar Sadr, "
    "Reza Kiarash, Parisa Hamedani, Siavash Noori, Mahin Rastegar",
    "Ireland": "Aoife Brannigan, Cathal Ó Maoilchiaráin; Niamh Considine, Eoin Tuohy, Bríd Nic Giolla, "
    "Declan Farrelly, Sorcha Mulvey, Fergus Lavelle, Orla Keaveney",
    "Italy": "Ginevra Santacroce, Ruggero Albanese, Mirella Tosi; Nilde Fabbricotti, Saverio Montalto, "
    "Chiara Benedusi, Ettore Malaspina, Lucia Zanardi, Pietro Caracciolo, Assunta Greco",
    "Japan": "Haruko Minazuki, Shigeru Tanemura, Yū Kisaragi; Aya Morishita, Kenji Hatakeyama, "
    "Sayuri Onodera, Ryōhei Kuze, Fumiko Asakawa, Daisuke Tokunaga, Miu Shirasagi, Taichi Nomoto",
    "Lebanon": "Nour Khairallah, Ziad Abi Rached; Rima Sfeir, Fadi Haddadin, Yasmine Tohmé, "
    "Elias Maalouly, Hiba Chamoun, Georges Karam-Saliba",
    "Malta": "Marija Grech Vella, Censu Zammit; Rita Camilleri, Ġorġ Farrugia, Tessa Micallef, "
    "Karmenu Borg, Lara Schembri, Ninu Attard",
    "Mexico": "Ximena Arriaga Toledo, Julián Buenrostro; Guadalupe Xóchitl Ramos, Efraín Cuevas, "
    "Renata Villaseñor, Cuauhtémoc Prado, Lourdes Ibarra, Emiliano Zúñiga",
    "Mongolia": "Oyunbileg Batsukh, Ganbold Enkhtaivan; Sarnai Dorjpalam, Temüülen Bold, "
    "Nomin Tserendorj, Baatar Sükhee, Altantsetseg Purev, Erdene Jargal",
    "Morocco": "Ghita Benjelloun, Tarik Ouazzani; Zineb Amrani, Hicham Lahlou, Fatima-Zahra Idrissi, "
    "Moha Aït Brahim, Salma Bennis, Driss Cherkaoui",
    "Netherlands": "Saskia van Houten, Pieter Dijkgraaf; Femke Brouwer, Ruben Hoekstra, Anouk de Wilde, "
    "Jeroen Terpstra, Lieke Zonneveld, Maarten Kuiper, Sanne Blom",
    "New Zealand": "Hinemoa Paraone, Callum Strachan; Aroha Tamihana, Rewi Pōtaka, Jess McAllister, "
    "Tama Whareaitu, Isla Grierson, Murray Coutts",
    "Nigeria": "Ifeoma Nwosu-Bell, Tunde Akinwale; Folasade Adeyemi, Chidi Okonjo, Amaka Obiora, "
    "Babatunde Lawal, Ngozi Eze-Martins, Seyi Ogunleye, Hauwa Danladi",
    "Norway": "Ingrid Solvang, Håkon Brekke; Tuva Myklebust, Sondre Fjeldstad, Liv Aasen, "
    "Biret Sara Eira, Anders Rønning, Marte Hovland, Odd Nygård",
    "Poland": "Halina Zawistowska, Marek Drozd; Jadwiga Mroczek, Paweł Cieślak, Zofia Lewandowska-Ruch, "
    "Wojciech Grabiec, Kinga Sobczak, Stanisław Przybyła, Ewa Wrona",
    "Portugal": "Teresa Vilhena, Duarte Salgueiro; Leonor Carriço, Álvaro Meneses, Matilde Sobral, "
    "Joaquim Pestana, Beatriz Noronha, Rui Falcão, Graça Trigueiros",
    "Romania": "Ileana Vartan, Dragoș Ciobotaru; Smaranda Petrescu, Horia Lupan, Anca Dumitrașcu, "
    "Nicu Balan, Ruxandra Moldovan, Sorin Țepeneag",
    "Russia": "Vera Zaslavskaya, Andrei Polunin; Ksenia Rybakova, Maksim Ustinov, Tamara Belyaeva, "
    "Gleb Arsenyev, Yulia Morozova-Klein, Fyodor Shubin",
    "Senegal": "Aïssatou Diop Sarr, Mamadou Faye; Khady Ndiaye, Ousmane Gueye, Coumba Thiam, "
    "Ibrahima Seck, Fatou Bâ, Cheikh Mbodj",
    "South Korea": "Han Ji-won, Seo Dong-hyeok; Yoon Seol-a, Kang Min-jae, Bae Eun-soo, Oh Tae-kyung, "
    "Im Na-ri, Cho Hyun-wook, Shin Go-eun, Pyo Jung-min",
    "Spain": "Nuria Casademunt, Álvaro Monteagudo; Carmen Olazábal, Iker Zubiri, Rocío Albarracín, "
    "Jordi Ferrater, Maite Urrutia, Gonzalo Peñalver, Lola Cabanillas",
    "Sweden": "Birgitta Åkerlund, Jonas Sandelin; Ebba Lönnqvist, Gustav Rydell, Märta Hallberg, "
    "Nils Öhman, Saga Wennerström, Amir Tavassoli, Karin Sjödin",
    "Turkey": "Defne Karaosman, Cemal Tunçer; Elif Sayın, Kemal Altınok, Nazlı Erdemir, Barış Özgüven, "
    "Selin Karaca, Orhan Denizli",
    "Ukraine": "Oksana Hrytsenko, Taras Vovk; Daryna Melnychuk, Ostap Kovalenko, Solomiia Bilyk, "
    "Yurii Zadorozhnyi, Khrystyna Palii, Danylo Stetsenko",
    "United Kingdom": "Harriet Penhallow, Desmond Achebe-Clarke, Iona Galbraith; Imogen Thackeray, "
    "Rafe Osgood, Priya Nandakumar, Alasdair Munroe, Winifred Catesby, Kwame Sutherland, "
    "Nell Trevithick, Gareth Prosser",
    "United States": "Dolores Whitcomb, Marcus Ellery Vance, June Takahashi, Samuel Bright Elk; "
    "Josephine Calloway, Theo Marchetti, Lorraine Dupree, Calvin Oyelaran, Rosa Villanueva, "
    "Wyatt Hargrove, Mei-Ling Prescott, Delphine Arceneaux, Otis Farnham",
    "Vietnam": "Phan Thu Hà, Đặng Quốc Vinh; Lê Mai Khuê, Trịnh Bảo Long, Nguyễn Thục Anh, "
    "Hồ Minh Đạt, Đinh Ngọc Lan, Bùi Gia Huy",
}


def stable_number(*words: object) -> int:
    """Return a large number that depends on the words alone, the same on every machine."""
    text = "\x1f".join(map(str, words))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def directors_of(country: str) -> list[str]:
    """Return the directors of a country."""
    return _PEOPLE[country].split("; ")[0].split(", ")


def players_of(country: str) -> list[str]:
    """Return the players of a country."""
    return _PEOPLE[country].split("; ")[1].split(", ")


def choose(options: Sequence[str], *key: object) -> str:
    """Return one of the options, always the same for the same key."""
    return options[stable_number(*key) % len(options)]


def cast_for(slug: str, country: str) -> tuple[str, ...]:
    """Return four to six players: most from ``country``, one or two guests."""
    size = 4 + stable_number(slug, "size") % 3
    guests = 1 + (stable_number(slug, "guests") % 4 == 0)
    home = sorted(players_of(country), key=lambda name: stable_number(slug, name))
    names = home[: size - guests]
    others = sorted(set(_PEOPLE) - {country}, key=lambda other: stable_number(slug, other))
    for other in others[:guests]:
        guest = choose(players_of(other), slug, "guest", other)
        names.insert(1 + stable_number(slug, other, "place") % len(names), guest)
    return tuple(names)
