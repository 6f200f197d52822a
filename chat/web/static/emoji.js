// Emoji by the short names that people know from other chats, in groups; "+1/thumbsup" are two names of one.

const GROUPS = [
  ["Smileys", `
    grinning 😀 smiley 😃 smile 😄 grin 😁 laughing/satisfied 😆 sweat_smile 😅 rofl 🤣 joy 😂 slight_smile 🙂
    upside_down 🙃 melting 🫠 wink 😉 blush 😊 innocent 😇 smiling_hearts 🥰 heart_eyes 😍 star_struck 🤩
    kissing_heart/kiss 😘 relaxed ☺️ yum 😋 stuck_out_tongue 😛 winking_tongue 😜 zany 🤪 money_mouth 🤑 hugs 🤗
    hand_over_mouth 🤭 shushing 🤫 thinking 🤔 salute 🫡 zipper_mouth 🤐 raised_eyebrow 🤨 neutral/neutral_face 😐
    expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 roll_eyes 🙄 grimacing 😬 lying 🤥 relieved 😌 pensive 😔
    sleepy 😪 drooling 🤤 sleeping 😴 mask 😷 thermometer_face 🤒 bandage_face 🤕 nauseated 🤢 vomiting 🤮 sneezing 🤧
    hot_face 🥵 cold_face 🥶 woozy 🥴 dizzy_face 😵 exploding_head 🤯 cowboy 🤠 party/partying 🥳 disguised 🥸
    sunglasses 😎 nerd 🤓 monocle 🧐 confused 😕 worried 😟 frowning 🙁 open_mouth 😮 hushed 😯 astonished 😲
    flushed 😳 pleading 🥺 anguished 😧 fearful 😨 cold_sweat 😰 cry 😢 sob 😭 scream 😱 confounded 😖 persevere 😣
    disappointed 😞 sweat 😓 weary 😩 tired 😫 yawning 🥱 triumph 😤 rage 😡 angry 😠 cursing 🤬 smiling_imp 😈
    skull 💀 poop 💩 clown 🤡 ghost 👻 alien 👽 robot 🤖 jack_o_lantern 🎃 smiley_cat 😺 joy_cat 😹 heart_eyes_cat 😻
    see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊`],
  ["People", `
    +1/thumbsup 👍 -1/thumbsdown 👎 wave 👋 raised_back_of_hand 🤚 raised_hand 🖐️ hand ✋ vulcan 🖖 ok/ok_hand 👌
    pinched_fingers 🤌 pinch 🤏 v ✌️ crossed_fingers 🤞 love_you 🤟 metal 🤘 call_me 🤙 point_left 👈 point_right 👉
    point_up_2 👆 point_down 👇 point_up ☝️ fist ✊ punch 👊 clap 👏 raised_hands 🙌 heart_hands 🫶 open_hands 👐
    handshake 🤝 pray 🙏 writing_hand ✍️ nail_care 💅 muscle 💪 ear 👂 brain 🧠 eyes 👀 eye 👁️ tongue 👅 lips 👄 baby 👶
    child 🧒 person 🧑 older_person 🧓 shrug 🤷 facepalm 🤦 raising_hand 🙋 bow 🙇 no_good 🙅 ok_person 🙆 tipping_hand 💁
    technologist 🧑‍💻 scientist 🧑‍🔬 teacher 🧑‍🏫 cook 🧑‍🍳 artist 🧑‍🎨 astronaut 🧑‍🚀 detective 🕵️ ninja 🥷 mage 🧙
    walking 🚶 running 🏃 dancer 💃 dancing 🕺 climbing 🧗 lotus 🧘 bath 🛀 sleeping_bed 🛌 family 👪 footprints 👣`],
  ["Nature", `
    dog 🐶 cat 🐱 mouse 🐭 hamster 🐹 rabbit 🐰 fox 🦊 bear 🐻 panda 🐼 koala 🐨 tiger 🐯 lion 🦁 cow 🐮 pig 🐷 frog 🐸
    monkey 🐵 chicken 🐔 penguin 🐧 bird 🐦 chick 🐤 duck 🦆 eagle 🦅 owl 🦉 bat 🦇 wolf 🐺 horse 🐴 unicorn 🦄 bee 🐝
    bug 🐛 butterfly 🦋 snail 🐌 beetle 🐞 ant 🐜 spider 🕷️ turtle 🐢 snake 🐍 lizard 🦎 t_rex 🦖 octopus 🐙 crab 🦀
    shrimp 🦐 fish 🐟 dolphin 🐬 whale 🐳 shark 🦈 crocodile 🐊 elephant 🐘 sloth 🦥 otter 🦦 hedgehog 🦔 paw_prints 🐾
    cactus 🌵 christmas_tree 🎄 tree 🌳 palm_tree 🌴 seedling 🌱 herb 🌿 four_leaf_clover 🍀 leaves 🍃 mushroom 🍄
    bouquet 💐 tulip 🌷 rose 🌹 sunflower 🌻 blossom 🌸 earth 🌍 moon 🌙 full_moon 🌕 star ⭐ sparkles ✨ sun ☀️
    partly_sunny ⛅ cloud ☁️ rain 🌧️ thunder ⛈️ zap ⚡ snowflake/snow ❄️ snowman ⛄ wind 💨 tornado 🌪️ rainbow 🌈
    umbrella ☔ droplet 💧 ocean 🌊 fire 🔥`],
  ["Food", `
    apple 🍎 pear 🍐 tangerine 🍊 lemon 🍋 banana 🍌 watermelon 🍉 grapes 🍇 strawberry 🍓 blueberries 🫐 cherries 🍒
    peach 🍑 mango 🥭 pineapple 🍍 coconut 🥥 kiwi 🥝 tomato 🍅 avocado 🥑 eggplant 🍆 potato 🥔 carrot 🥕 corn 🌽
    hot_pepper 🌶️ cucumber 🥒 broccoli 🥦 garlic 🧄 onion 🧅 bread 🍞 croissant 🥐 pretzel 🥨 bagel 🥯 pancakes 🥞 cheese 🧀
    egg 🥚 fried_egg 🍳 bacon 🥓 hamburger 🍔 fries 🍟 pizza 🍕 hotdog 🌭 sandwich 🥪 taco 🌮 burrito 🌯 salad 🥗
    spaghetti 🍝 ramen 🍜 stew 🍲 sushi 🍣 dumpling 🥟 rice 🍚 icecream 🍦 doughnut 🍩 cookie 🍪 birthday 🎂 cake 🍰 pie 🥧
    chocolate 🍫 candy 🍬 lollipop 🍭 honey 🍯 popcorn 🍿 salt 🧂 milk 🥛 coffee ☕ tea 🍵 teapot 🫖 beer 🍺 beers 🍻
    champagne 🍾 wine 🍷 cocktail 🍸 tropical_drink 🍹 juice 🧃 mate 🧉 ice 🧊 fork_and_knife 🍴 spoon 🥄`],
  ["Activities", `
    tada 🎉 confetti 🎊 balloon 🎈 gift 🎁 fireworks 🎆 sparkler 🎇 trophy 🏆 medal 🏅 1st 🥇 2nd 🥈 3rd 🥉 soccer ⚽
    basketball 🏀 football 🏈 baseball ⚾ tennis 🎾 volleyball 🏐 rugby 🏉 ping_pong 🏓 badminton 🏸 hockey 🏒 golf ⛳
    boxing 🥊 martial_arts 🥋 ice_skate ⛸️ ski 🎿 sled 🛷 dart 🎯 kite 🪁 fishing 🎣 video_game 🎮 joystick 🕹️ game_die 🎲
    chess ♟️ puzzle 🧩 teddy_bear 🧸 cards 🃏 art 🎨 thread 🧵 yarn 🧶 microphone 🎤 headphones 🎧 musical_note 🎵 notes 🎶
    guitar 🎸 piano 🎹 trumpet 🎺 violin 🎻 drum 🥁 clapper 🎬 performing_arts 🎭 ticket 🎫 circus 🎪 camping 🏕️ beach 🏖️`],
  ["Travel", `
    car 🚗 taxi 🚕 bus 🚌 ambulance 🚑 fire_engine 🚒 truck 🚚 tractor 🚜 motorcycle 🏍️ scooter 🛴 bike 🚲 train 🚆
    metro 🚇 tram 🚊 railway 🛤️ station 🚉 airplane ✈️ helicopter 🚁 rocket 🚀 flying_saucer 🛸 satellite 🛰️ sailboat ⛵
    ship 🚢 anchor ⚓ fuel ⛽ construction 🚧 traffic_light 🚦 map 🗺️ compass 🧭 mountain ⛰️ volcano 🌋 desert 🏜️ island 🏝️
    house 🏠 garden 🏡 office 🏢 hospital 🏥 bank 🏦 hotel 🏨 school 🏫 factory 🏭 castle 🏰 tent ⛺ city 🏙️ sunrise 🌅
    night 🌃 bridge 🌉 milky_way 🌌`],
  ["Objects", `
    watch ⌚ phone 📱 laptop 💻 keyboard ⌨️ desktop 🖥️ printer 🖨️ floppy_disk 💾 cd 💿 camera 📷 video_camera 📹 tv 📺
    radio 📻 alarm_clock ⏰ hourglass ⌛ battery 🔋 plug 🔌 bulb 💡 flashlight 🔦 candle 🕯️ money 💰 credit_card 💳 gem 💎
    scales ⚖️ wrench 🔧 hammer 🔨 tools 🛠️ gear ⚙️ nut_and_bolt 🔩 magnet 🧲 ladder 🪜 test_tube 🧪 dna 🧬 microscope 🔬
    telescope 🔭 syringe 💉 pill 💊 stethoscope 🩺 door 🚪 bed 🛏️ couch 🛋️ toilet 🚽 shower 🚿 soap 🧼 broom 🧹 basket 🧺
    key 🔑 lock 🔒 unlock 🔓 shield 🛡️ bell 🔔 no_bell 🔕 megaphone 📣 loudspeaker 📢 envelope ✉️ email 📧 inbox 📥
    outbox 📤 package 📦 mailbox 📫 pencil ✏️ pen 🖊️ paintbrush 🖌️ memo 📝 briefcase 💼 folder 📁 calendar 📅 chart 📊
    chart_up 📈 chart_down 📉 clipboard 📋 pushpin 📌 paperclip 📎 ruler 📏 scissors ✂️ wastebasket 🗑️ book 📖 books 📚
    newspaper 📰 bookmark 🔖 label 🏷️ link 🔗 mag 🔍 thread_spool 🪡 glasses 👓 shirt 👕 jeans 👖 dress 👗 shoe 👟 boot 🥾
    hat 🎩 cap 🧢 crown 👑 ring 💍 lipstick 💄 backpack 🎒 luggage 🧳`],
  ["Symbols", `
    heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍
    brown_heart 🤎 broken_heart 💔 two_hearts 💕 sparkling_heart 💖 heartbeat 💓 cupid 💘 100 💯 boom 💥 dizzy 💫 sweat_drops 💦
    zzz 💤 speech 💬 thought 💭 check/white_check_mark ✅ heavy_check ✔️ x ❌ warning ⚠️ no_entry ⛔ prohibited 🚫
    question ❓ exclamation ❗ bangbang ‼️ interrobang ⁉️ plus ➕ minus ➖ divide ➗ infinity ♾️ recycle ♻️ peace ☮️ yin_yang ☯️
    radioactive ☢️ biohazard ☣️ up ⬆️ down ⬇️ left ⬅️ right ➡️ refresh 🔄 back 🔙 soon 🔜 top 🔝 new 🆕 free 🆓 cool 🆒 sos 🆘
    red_circle 🔴 orange_circle 🟠 yellow_circle 🟡 green_circle 🟢 blue_circle 🔵 purple_circle 🟣 black_circle ⚫ white_circle ⚪
    red_square 🟥 green_square 🟩 blue_square 🟦 flag 🏁 triangular_flag 🚩 white_flag 🏳️ rainbow_flag 🏳️‍🌈 pirate_flag 🏴‍☠️
    copyright ©️ registered ®️ tm ™️ hash #️⃣ zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣`],
];

// The groups: [title, emoji], and each emoji as {names, emoji}.
export const EMOJI = GROUPS.map(([title, text]) => {
  const words = text.trim().split(/\s+/);
  const found = words.flatMap((word, index) => (index % 2 ? [] : [{ names: word.split("/"), emoji: words[index + 1] }]));
  return [title, found];
});

const ALL = EMOJI.flatMap(([, found]) => found);
const BY_NAME = new Map(ALL.flatMap((each) => each.names.map((name) => [name, each.emoji])));

// What is reacted with most.
export const COMMON = ["👍", "❤️", "😂", "🎉", "👀", "🍵"];

// The emoji of a name, if there is one.
export function emojiOf(name) {
  return BY_NAME.get(name.toLowerCase());
}

// The name of an emoji, for those who cannot see it.
export function nameOf(emoji) {
  const bare = emoji.replace(/\ufe0f/g, "");
  return ALL.find((each) => each.emoji.replace(/\ufe0f/g, "") === bare)?.names[0].replace(/_/g, " ") ?? emoji;
}

// Emoji whose name has this in it: those that begin with it first.
export function search(part, most = Infinity) {
  const wanted = part.toLowerCase();
  const rank = (each) => Math.min(...each.names.map((name) => (name.startsWith(wanted) ? 0 : name.includes(wanted) ? 1 : 2)));
  const found = ALL.map((each) => [rank(each), each]).filter(([place]) => place < 2);
  return found.sort(([one], [other]) => one - other).map(([, each]) => each).slice(0, most);
}
